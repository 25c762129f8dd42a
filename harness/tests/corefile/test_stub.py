from hypothesis import assume, given
from hypothesis import strategies as st
import pytest

from harness.corefile import add_stub, has_stub, remove_stub
from harness.corefile.blocks import blocks
from harness.errors import UsageError
from harness.tests.corefiles import AWKWARD, DOCUMENT_004, KUBEADM, LIKELY

ADDRESS = "10.110.3.4"


def test_the_stub_is_that_of_the_document() -> None:
    """It forwards the zone to the address, beside a main block that is as it was."""
    added = add_stub(KUBEADM, "global", ADDRESS)
    assert added == (
        "# meshproof: the stub of global begins\n"
        "global:53 {\n    errors\n    cache 30\n    forward . 10.110.3.4\n}\n"
        f"# meshproof: the stub of global ends\n{KUBEADM}"
    )
    assert sum(block.serves("global") for block in blocks(added)) == 1
    assert has_stub(added, "global")
    assert not has_stub(KUBEADM, "global")


@given(LIKELY | AWKWARD, st.sampled_from(["global", "mesh.example"]))
def test_removing_gives_back_every_byte(corefile: str, zone: str) -> None:
    """Whatever the Corefile, and whoever mended it: remove(add(x)) is x."""
    assume(not any(block.serves(zone) for block in blocks(corefile)))
    assert remove_stub(add_stub(corefile, zone, ADDRESS), zone) == corefile


@given(LIKELY | AWKWARD)
def test_adding_twice_changes_nothing_more(corefile: str) -> None:
    """The second time the block is there already; with another address it is replaced in place."""
    assume(not any(block.serves("global") for block in blocks(corefile)))
    once = add_stub(corefile, "global", ADDRESS)
    assert add_stub(once, "global", ADDRESS) == once
    other = add_stub(once, "global", "10.110.3.5:1053")
    assert other == once.replace(f"forward . {ADDRESS}\n", "forward . 10.110.3.5:1053\n", 1)


@given(LIKELY | AWKWARD)
def test_removing_what_is_not_there_changes_nothing(corefile: str) -> None:
    """A Corefile without our block stays as it is."""
    assert remove_stub(corefile, "global") == corefile


def test_the_stubs_of_two_zones_do_not_touch() -> None:
    """Each zone has its own marks, taken out in any order."""
    both = add_stub(add_stub(KUBEADM, "global", ADDRESS), "other", ADDRESS)
    assert remove_stub(remove_stub(both, "global"), "other") == KUBEADM
    assert remove_stub(remove_stub(both, "other"), "global") == KUBEADM


def test_a_block_of_somebody_else_is_refused() -> None:
    """Where the zone is served already nothing is added, and the place is said."""
    with pytest.raises(UsageError, match=r"Corefile:17:1: zone 'global' is served by a block"):
        add_stub(DOCUMENT_004, "global", ADDRESS)


def test_a_foreign_block_beside_ours_is_refused_too() -> None:
    """A block that somebody added later would make CoreDNS refuse the file."""
    theirs = add_stub(KUBEADM, "global", ADDRESS) + "global {\n whoami\n}\n"
    with pytest.raises(UsageError, match="is served by a block that is not meshproof's"):
        add_stub(theirs, "global", ADDRESS)


def test_marks_within_quotes_are_no_marks() -> None:
    """Only a comment can be a mark: the same words in a quotation are somebody's text."""
    block = add_stub("", "global", ADDRESS)
    quoted = f'a {{\n log "{block}"\n}}\n'
    assert remove_stub(quoted, "global") == quoted
    assert remove_stub(add_stub(quoted, "global", ADDRESS), "global") == quoted


def test_a_block_without_its_end_is_not_guessed_at() -> None:
    """Where the closing mark was lost, nothing is cut and the place is said."""
    torn = add_stub(KUBEADM, "global", ADDRESS).replace(
        "# meshproof: the stub of global ends\n", ""
    )
    with pytest.raises(UsageError, match=r"Corefile:1:1: .* never ends: take it out by hand"):
        remove_stub(torn, "global")


@pytest.mark.parametrize("text", ["", "a b", "a\nb", "{", "a{", '"', "#"])
def test_only_plain_words_are_put_into_a_corefile(text: str) -> None:
    """A zone or an address that would change the file's structure is refused."""
    with pytest.raises(UsageError, match="cannot stand in a Corefile"):
        add_stub(KUBEADM, text, ADDRESS)
    with pytest.raises(UsageError, match="cannot stand in a Corefile"):
        add_stub(KUBEADM, "global", text)
