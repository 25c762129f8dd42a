from collections.abc import Mapping
from ipaddress import IPv4Address
import re

from hypothesis import given
from hypothesis import strategies as st
import pytest

from harness.corefile import refused, takes_effect_within
from harness.corefile.blocks import blocks
from harness.global_dns import ISTIOCOREDNS_TTL, Records, resolver_corefile

ONE, TWO = IPv4Address("240.0.0.1"), IPv4Address("240.0.0.2")
TEMPLATE = re.compile(r"    template IN (\S+) (\S+) \{\n(.*?)    \}\n", re.DOTALL)


class FakeCoreDNS:
    """Answers as CoreDNS's template plugin does: the first template that fits, in file order.

    What it says of these names is what CoreDNS 1.12.4 said of them when it was asked.
    """

    def __init__(self, corefile: str) -> None:
        self.templates = TEMPLATE.findall(corefile)

    def ask(self, name: str, kind: str = "A") -> tuple[str, list[str]]:
        """Return the code of the answer, and the answers in zone-file form."""
        asked = name.lower()
        for of_kind, zone, body in self.templates:
            pattern = re.search(r'match "(.*)"', body)
            fits = re.search(pattern[1] if pattern else ".*", asked)
            if of_kind not in (kind, "ANY") or not asked.endswith(f"{zone}.") or not fits:
                continue
            code = re.search(r"rcode (\S+)", body)
            answers = re.findall(r'answer "(.*)"', body)
            said = [answer.replace("{{ .Name }}", asked) for answer in answers]
            return code[1] if code else "NOERROR", said
        return "REFUSED", []


def ask(names: Mapping[str, tuple[IPv4Address, ...]], name: str, kind: str = "A") -> list[str]:
    """Return what is said of a name: the code, then each answer."""
    code, answers = FakeCoreDNS(resolver_corefile(Records("global", names))).ask(name, kind)
    return [code, *answers]


def test_a_name_has_exactly_its_addresses() -> None:
    """Every address is answered, for that name in any case, and for no name that resembles it."""
    names = {"httpbin.bar.global": (ONE, TWO)}
    both = ["NOERROR", *(f"httpbin.bar.global. 5 IN A {each}" for each in (ONE, TWO))]
    assert ask(names, "httpbin.bar.global.") == both
    assert ask(names, "HTTPbin.Bar.global.") == both
    for other in ("httpbinxbar.global.", "x.httpbin.bar.global.", "xhttpbin.bar.global."):
        assert ask(names, other) == ["NXDOMAIN"]


@pytest.mark.parametrize("kind", ["AAAA", "TXT", "SRV", "HTTPS"])
def test_another_type_of_a_known_name_is_empty(kind: str) -> None:
    """A known name without such a record exists: no error, no answer."""
    assert ask({"httpbin.bar.global": (ONE,)}, "httpbin.bar.global.", kind) == ["NOERROR"]
    assert ask({"*.bar.global": (ONE,)}, "httpbin.bar.global.", kind) == ["NOERROR"]


def test_an_unknown_name_does_not_exist() -> None:
    """Neither a name that nobody entered, nor one that only lies above an entered one."""
    for name in ("other.bar.global.", "bar.global.", "global."):
        assert ask({"httpbin.bar.global": (ONE,)}, name) == ["NXDOMAIN"]
    assert ask({}, "httpbin.bar.global.") == ["NXDOMAIN"]


def test_a_wildcard_stands_for_every_name_below() -> None:
    """At any depth, but not for the bare name; the narrower one and the exact one come first."""
    names = {"*.w.global": (ONE,), "*.deep.w.global": (TWO,), "exact.w.global": (TWO,)}
    assert ask(names, "a.w.global.") == ["NOERROR", f"a.w.global. 5 IN A {ONE}"]
    assert ask(names, "a.b.w.global.") == ["NOERROR", f"a.b.w.global. 5 IN A {ONE}"]
    assert ask(names, "deep.w.global.") == ["NOERROR", f"deep.w.global. 5 IN A {ONE}"]
    assert ask(names, "a.deep.w.global.") == ["NOERROR", f"a.deep.w.global. 5 IN A {TWO}"]
    assert ask(names, "exact.w.global.") == ["NOERROR", f"exact.w.global. 5 IN A {TWO}"]
    assert ask(names, "a.exact.w.global.") == ["NOERROR", f"a.exact.w.global. 5 IN A {ONE}"]
    assert ask(names, "w.global.") == ["NXDOMAIN"]


def test_the_old_answer_to_aaaa_can_be_had() -> None:
    """As a fault, AAAA of a known name does not exist, and A does with the TTL of old."""
    names = Records("global", {"httpbin.bar.global": (ONE,)})
    old = FakeCoreDNS(resolver_corefile(names, ttl=ISTIOCOREDNS_TTL, aaaa="NXDOMAIN"))
    assert old.ask("httpbin.bar.global.", "AAAA") == ("NXDOMAIN", [])
    answered = [f"httpbin.bar.global. 3600 IN A {ONE}"]
    assert old.ask("httpbin.bar.global.") == ("NOERROR", answered)


LABELS = st.sampled_from("abc")
NAMES = st.builds(
    lambda star, labels: ".".join([*star, *labels, "global"]),
    st.sampled_from([[], ["*"]]),
    st.lists(LABELS, min_size=1, max_size=4),
)
ADDRESSES = st.lists(st.sampled_from([ONE, TWO]), min_size=1, unique=True).map(tuple)


@given(st.dictionaries(NAMES, ADDRESSES), st.lists(LABELS, min_size=1, max_size=5))
def test_the_answer_is_that_of_the_nearest_entry(
    names: Mapping[str, tuple[IPv4Address, ...]], labels: list[str]
) -> None:
    """A name is answered by its own entry, else by the wildcard nearest above it, else not."""
    name = ".".join([*labels, "global"])
    above = [f"*.{'.'.join([*labels[at:], 'global'])}" for at in range(1, len(labels))]
    entry = next((each for each in [name, *above] if each in names), None)
    expected = [f"{name}. 5 IN A {address}" for address in names[entry]] if entry else []
    assert ask(names, f"{name}.") == ["NOERROR" if entry else "NXDOMAIN", *expected]


@given(st.dictionaries(NAMES, ADDRESSES))
def test_the_file_is_one_block_that_coredns_takes(
    names: Mapping[str, tuple[IPv4Address, ...]],
) -> None:
    """It serves the zone only, uses what our build has, and is looked at every 2.5 seconds."""
    corefile = resolver_corefile(Records("global", names))
    (block,) = blocks(corefile)
    assert block.serves("global")
    assert not block.serves(".")
    assert {each.name.text for each in block.directives} == {
        "errors",
        "ready",
        "reload",
        "template",
    }
    assert takes_effect_within(corefile) == 2.5
    assert not refused(corefile)


def test_ports_can_be_chosen() -> None:
    """For a look at it outside a cluster both ports can be others."""
    corefile = resolver_corefile(Records("global", {}), port=1053, ready="127.0.0.1:8181")
    assert corefile.startswith("global:1053 {\n    errors\n    ready 127.0.0.1:8181\n")
