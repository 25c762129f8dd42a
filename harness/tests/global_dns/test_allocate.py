from ipaddress import IPv4Address
from random import Random

from hypothesis import given
from hypothesis import strategies as st
import pytest

from harness.errors import UsageError
from harness.global_dns import NETWORK, allocate

HOSTS = st.from_regex(r"[a-z]{1,4}\.[a-z]{1,4}\.global", fullmatch=True)


@given(st.lists(HOSTS, max_size=40))
def test_every_host_has_an_address_of_its_own(hosts: list[str]) -> None:
    """Addresses are distinct, within the network, and neither its first nor its last."""
    given = allocate(hosts)
    assert given.keys() == set(hosts)
    assert len(set(given.values())) == len(given)
    for address in given.values():
        assert address in NETWORK
        assert address not in (NETWORK.network_address, NETWORK.broadcast_address)


@given(st.lists(HOSTS, max_size=20, unique=True), st.randoms())
def test_the_order_of_the_hosts_does_not_matter(hosts: list[str], random: Random) -> None:
    """The same hosts have the same addresses in every cluster and every run."""
    shuffled = list(hosts)
    random.shuffle(shuffled)
    assert allocate(shuffled) == allocate(hosts)


@given(st.lists(HOSTS, max_size=20), st.lists(HOSTS, max_size=20))
def test_a_host_that_comes_later_moves_nobody(early: list[str], late: list[str]) -> None:
    """Who has an address keeps it, and whoever is added takes none of those."""
    before = allocate(early)
    after = allocate([*early, *late], taken=before)
    assert {host: after[host] for host in before} == before
    assert len(set(after.values())) == len(after)
    added = allocate(late, taken=before)
    assert not {added[host] for host in added.keys() - before.keys()} & set(before.values())


def test_a_name_has_one_address_however_it_is_written() -> None:
    """DNS does not tell cases apart, and so one address stands for every spelling."""
    assert allocate(["A.b.global", "a.B.global"]) == allocate(["a.b.global"])


def test_the_address_follows_from_the_name() -> None:
    """An address in a report means the same name next year."""
    assert allocate(["httpbin.sample.global"]) == {
        "httpbin.sample.global": IPv4Address("240.0.110.94")
    }


def test_a_full_network_is_said() -> None:
    """With no address left the user is told, rather than two names sharing one."""
    taken = {f"{at}.global": NETWORK[at] for at in range(1, NETWORK.num_addresses - 1)}
    with pytest.raises(UsageError, match=r"no address left for one-more\.global"):
        allocate(["one-more.global"], taken=taken)
