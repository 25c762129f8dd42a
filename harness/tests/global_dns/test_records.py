from ipaddress import IPv4Address
from typing import Any

import pytest

from harness.global_dns import records


def entry(name: str, hosts: list[str], addresses: list[str], **more: Any) -> dict[str, Any]:
    """Return a ServiceEntry of namespace foo."""
    created = more.pop("created", None)
    metadata = {"name": name, "namespace": "foo"}
    metadata |= {"creationTimestamp": created} if created else {}
    spec = {"hosts": hosts, "addresses": addresses, "resolution": "STATIC", **more}
    return {"metadata": metadata, "spec": spec}


def test_hosts_have_the_addresses_of_their_entry() -> None:
    """Each host of each entry is answered with that entry's addresses, in their order."""
    found = records(
        [
            entry("one", ["httpbin.bar.global"], ["240.0.0.2"]),
            entry("two", ["a.b.global", "*.C.global."], ["240.0.0.4", "240.0.0.3", "240.0.0.4"]),
        ]
    )
    both = (IPv4Address("240.0.0.4"), IPv4Address("240.0.0.3"))
    assert found.names == {
        "httpbin.bar.global": (IPv4Address("240.0.0.2"),),
        "a.b.global": both,
        "*.c.global": both,
    }
    assert found.skipped == ()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (entry("e", ["a.global"], []), "it has no address to answer with"),
        (entry("e", ["a.global"], ["10.0.0.0/8"]), "'10.0.0.0/8' is no single IPv4 address"),
        (entry("e", ["a.global"], ["2001:db8::1"]), "'2001:db8::1' is no single IPv4 address"),
        (entry("e", ["a.global"], ["240.0.0.1"], resolution="NONE"), "its resolution is NONE"),
        (entry("e", ["a.example.com"], ["240.0.0.1"]), "'a.example.com' is left out: it is not"),
        (entry("e", ["global"], ["240.0.0.1"]), "'global' is left out: it is not below 'global'"),
        (entry("e", ["notglobal"], ["240.0.0.1"]), "'notglobal' is left out: it is not below"),
        (entry("e", ["a b.global"], ["240.0.0.1"]), "'a b.global' is left out: it is no DNS name"),
        (entry("e", ["*a.global"], ["240.0.0.1"]), "'*a.global' is left out: it is no DNS name"),
        (entry("e", ['a".global'], ["240.0.0.1"]), "it is no DNS name"),
        (entry("e", ["a.global\n"], ["240.0.0.1"]), "it is no DNS name"),
    ],
)
def test_what_cannot_be_answered_is_left_out_and_said(made: dict[str, Any], said: str) -> None:
    """Entries and hosts that say nothing a resolver could use are named with the reason."""
    found = records([made])
    assert found.names == {}
    assert found.skipped[0].startswith("ServiceEntry foo/e: ")
    assert said in found.skipped[0]


def test_a_range_beside_an_address_is_passed_over() -> None:
    """The usable addresses of an entry count, the others are said."""
    found = records([entry("e", ["a.global"], ["10.0.0.0/8", "240.0.0.1"])])
    assert found.names == {"a.global": (IPv4Address("240.0.0.1"),)}
    assert found.skipped == ("ServiceEntry foo/e: '10.0.0.0/8' is no single IPv4 address",)


def test_the_older_entry_of_a_host_holds() -> None:
    """Two entries for one host do not mix: the one made first answers, as it routes."""
    young = entry("a", ["x.global"], ["240.0.0.1"], created="2026-11-21T00:00:02Z")
    old = entry("b", ["X.global"], ["240.0.0.2"], created="2026-11-21T00:00:01Z")
    planned = entry("0", ["x.global"], ["240.0.0.3"])
    for order in ([young, old, planned], [planned, old, young]):
        found = records(order)
        assert found.names == {"x.global": (IPv4Address("240.0.0.2"),)}
        assert len(found.skipped) == 2
        assert all("an older entry has it" in each for each in found.skipped)


def test_another_zone_may_be_asked_for() -> None:
    """The zone is a parameter: what is below it counts, `.global` then does not."""
    entries = [entry("e", ["a.mesh.example", "a.global"], ["240.0.0.1"])]
    assert list(records(entries, "mesh.example").names) == ["a.mesh.example"]
