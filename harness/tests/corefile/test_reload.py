from hypothesis import assume, given
from hypothesis import strategies as st
import pytest

from harness.corefile import (
    add_stub,
    quicken_reload,
    remove_stub,
    restore_reload,
    takes_effect_within,
)
from harness.corefile.blocks import blocks
from harness.errors import UsageError
from harness.tests.corefiles import AWKWARD, DOCUMENT_004, KUBEADM, LIKELY


def reloads(corefile: str) -> list[list[str]]:
    """Return the arguments of every reload there is."""
    return [
        [word.text for word in directive.args]
        for block in blocks(corefile)
        for directive in block.directives
        if directive.name.text == "reload"
    ]


@pytest.mark.parametrize(
    "line", ["reload", "reload 10s", "reload 30s 15s # slowly", 'reload "30s"', "reload\t1m\r"]
)
def test_every_spelling_becomes_the_quickest(line: str) -> None:
    """The main block's reload is replaced, and what stood there comes back to the byte."""
    before = KUBEADM.replace("    reload\n", f"    {line}\n")
    quick = quicken_reload(before)
    assert reloads(quick) == [["2s", "1s"]]
    assert quicken_reload(quick) == quick
    assert restore_reload(quick) == before


def test_without_a_reload_the_main_block_gets_one() -> None:
    """A Corefile that would never be looked at again is given a reload, and loses it again."""
    before = KUBEADM.replace("    reload\n", "")
    quick = quicken_reload(before)
    assert reloads(quick) == [["2s", "1s"]]
    assert len(next(iter(blocks(quick))).directives) == 10
    assert restore_reload(quick) == before


def test_a_reload_in_another_block_does_not_undo_it() -> None:
    """The last reload read holds for the whole server, so that all of them are made quick."""
    before = f"{KUBEADM}example.org {{\n    reload 60s\n    whoami\n}}\n(s) {{\n    reload\n}}\n"
    quick = quicken_reload(before)
    assert reloads(quick) == [["2s", "1s"]] * 3
    assert restore_reload(quick) == before


def test_with_neither_a_reload_nor_a_main_block_it_is_said() -> None:
    """Where there is no place for a reload the user is told."""
    with pytest.raises(UsageError, match=r"no block serves '.' on port 53: add one"):
        quicken_reload("example.org {\n    whoami\n}\n")


def test_an_edited_line_is_not_guessed_at() -> None:
    """A line of ours that somebody changed is left alone, and the place is said."""
    quick = quicken_reload(KUBEADM)
    for torn in (quick.replace("reload 2s 1s", "reload 9s 1s"), quick.replace('"reload"', '"rel')):
        with pytest.raises(UsageError, match=r"Corefile:21:18: .* was edited: mend it by hand"):
            restore_reload(torn)


@given(LIKELY | AWKWARD)
def test_restoring_gives_back_every_byte(corefile: str) -> None:
    """Whatever the Corefile: either it cannot be quickened, or it comes back as it was."""
    try:
        quick = quicken_reload(corefile)
    except UsageError:
        assume(False)
    assert restore_reload(quick) == corefile
    assert quicken_reload(quick) == quick
    assert ["2s", "1s"] in reloads(quick)


@given(LIKELY | AWKWARD)
def test_restoring_what_was_never_changed_changes_nothing(corefile: str) -> None:
    """A Corefile without our comments stays as it is."""
    assert restore_reload(corefile) == corefile


@given(LIKELY, st.booleans(), st.booleans())
def test_the_stub_and_the_reload_do_not_touch(
    corefile: str, stub_first: bool, stub_out_first: bool
) -> None:
    """Both changes can be made and taken back in any order."""
    corefile = corefile.replace("global", "local")
    changed = corefile
    try:
        if stub_first:
            changed = quicken_reload(add_stub(changed, "global", "10.0.0.1"))
        else:
            changed = add_stub(quicken_reload(changed), "global", "10.0.0.1")
    except UsageError:
        assume(False)
    if stub_out_first:
        assert restore_reload(remove_stub(changed, "global")) == corefile
    else:
        assert remove_stub(restore_reload(changed), "global") == corefile


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("reload", 37.5),
        ("reload 10s", 12.5),
        ("reload 30s 15s", 37.5),
        ("reload 1m30s 10s", 95.0),
        ("reload 2s 1s", 2.5),
        ("reload {$EVERY}", 37.5),
        ("loop", None),
    ],
)
def test_it_is_known_how_long_a_change_takes(line: str, seconds: float | None) -> None:
    """The longest wait is the interval and half the jitter; without a reload there is no end."""
    assert takes_effect_within(KUBEADM.replace("    reload\n", f"    {line}\n")) == seconds


def test_the_slowest_reload_counts() -> None:
    """Of several reloads it is not known which was read last."""
    assert takes_effect_within(f"{DOCUMENT_004}a {{\n reload 60s 1s\n}}\n") == 60.5
