from hypothesis import given
import pytest

from harness.corefile.blocks import Block, blocks
from harness.tests.corefiles import AWKWARD, DOCUMENT_004, KUBEADM


def keys(block: Block) -> list[str]:
    """Return the keys of a block as text."""
    return [word.text for word in block.keys]


def names(block: Block) -> list[str]:
    """Return the names of a block's directives."""
    return [each.name.text for each in block.directives]


def test_kubeadms_corefile_is_one_block() -> None:
    """Directives, arguments and the properties in braces are told apart."""
    (block,) = blocks(KUBEADM)
    assert keys(block) == [".:53"]
    assert " ".join(names(block)) == (
        "errors health ready kubernetes prometheus forward cache loop reload loadbalance"
    )
    kubernetes = block.directives[3]
    assert " ".join(word.text for word in kubernetes.args) == "cluster.local in-addr.arpa ip6.arpa"
    assert [word.text for word in kubernetes.properties] == ["pods", "fallthrough", "ttl"]


def test_the_documents_corefile_is_two_blocks() -> None:
    """The stub is a block of its own."""
    assert [keys(block) for block in blocks(DOCUMENT_004)] == [[".:53"], ["global:53"]]


@pytest.mark.parametrize(
    ("corefile", "expected"),
    [
        ("a b {\n}\nc {\n}\n", [["a", "b"], ["c"]]),
        ("a, b {\n}\n", [["a", "b"]]),
        ("a,\nb {\n}\n", [["a", "b"]]),
        ("(common) {\n errors\n}\na {\n import common\n}\n", [["(common)"], ["a"]]),
        ("import /etc/coredns/custom/*.server\na {\n}\n", [["a"]]),
        ("a\nerrors\nreload\n", [["a"]]),
        ("a\n{\n errors\n}\nb {\n}\n", [["a"], ["b"]]),
        ("a {\n cache {\n  success 5\n }\n}\nb {\n}\n", [["a"], ["b"]]),
        ("a {\n cache\n {\n  success 5\n }\n}\nb {\n}\n", [["a"], ["b"]]),
        ("{$ZONE}:53 {\n log {$FORMAT}\n}\n", [["{$ZONE}:53"]]),
        ("# b {\na {\n # }\n errors\n}\n", [["a"]]),
    ],
)
def test_keys_are_grouped_as_coredns_groups_them(corefile: str, expected: list[list[str]]) -> None:
    """Several zones on a key, commas, snippets, imports and blocks without braces."""
    assert [keys(block) for block in blocks(corefile)] == expected


@pytest.mark.parametrize(
    "key",
    ["global", "global:53", "global.", "GLOBAL.:53", "dns://global:53", "other global:053"],
)
def test_a_zone_is_served_under_any_of_its_spellings(key: str) -> None:
    """Port 53 and plain DNS are understood, case and the last dot do not matter."""
    (block,) = blocks(f"{key} {{\n errors\n}}\n")
    assert block.serves("global")


@pytest.mark.parametrize(
    "key", ["global:5353", "tls://global", "dns://global:54", "foo.global", "globals", "(global)"]
)
def test_another_port_or_transport_is_another_server(key: str) -> None:
    """The same zone elsewhere, and zones that only resemble it, are left out."""
    (block,) = blocks(f"{key} {{\n errors\n}}\n")
    assert not block.serves("global")


@pytest.mark.parametrize("key", [".", ".:53", ":53", "dns://."])
def test_the_root_has_several_spellings(key: str) -> None:
    """A dot, a dot with its port or the port alone serve every name."""
    (block,) = blocks(f"{key} {{\n errors\n}}\n")
    assert block.serves(".")


@given(AWKWARD)
def test_every_text_is_read_to_its_end(corefile: str) -> None:
    """No text, however broken, stops the reader or loses order."""
    starts = [word.start for block in blocks(corefile) for word in block.keys]
    assert starts == sorted(starts)
