from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network

from hypothesis import assume, given, strategies
import pytest

from harness.addresses import AddressRange, carve
from harness.errors import HostError

DOCKER = IPv4Network("172.18.0.0/16")


def span(text: str) -> AddressRange:
    """Return the range that is written so."""
    return AddressRange.parse(text)


@strategies.composite
def networks(draw: strategies.DrawFn) -> IPv4Network:
    """Return a private network of any length."""
    prefix = draw(strategies.integers(8, 32))
    address = draw(strategies.integers(0, 2**24 - 1)) + int(IPv4Address("10.0.0.0"))
    return IPv4Network((address, prefix), strict=False)


@strategies.composite
def claims(draw: strategies.DrawFn, network: IPv4Network) -> list[AddressRange]:
    """Return ranges that others hold, most of them in the network's upper half."""
    low = max(0, int(network.network_address) - 2)
    high = int(network.broadcast_address) + 2
    middle = (low + high) // 2
    ends = strategies.integers(middle, high) | strategies.integers(low, high)
    pairs = draw(strategies.lists(strategies.tuples(ends, ends), max_size=8))
    return [AddressRange(IPv4Address(min(pair)), IPv4Address(max(pair))) for pair in pairs]


def room(network: IPv4Network, size: int, taken: Sequence[AddressRange]) -> int:
    """Return how many ranges the upper half holds, counted gap by gap."""
    low = int(network.network_address) + network.num_addresses // 2
    free, count = int(network.broadcast_address) - 1, 0
    for each in sorted(taken, key=lambda each: each.last, reverse=True):
        count += max(0, free - max(low - 1, int(each.last))) // size
        free = min(free, int(each.first) - 1)
    return count + max(0, free - low + 1) // size


def test_a_range_reads_as_it_is_written() -> None:
    """`str` and `parse` are each other's inverse, first and last both within."""
    assert AddressRange(IPv4Address("10.0.0.1"), IPv4Address("10.0.0.9")) == span(
        "10.0.0.1-10.0.0.9"
    )
    assert "10.0.0.1-10.0.0.9" == str(span("10.0.0.1-10.0.0.9"))


@pytest.mark.parametrize(
    ("expected", "other"),
    [
        (True, "10.0.0.1-10.0.0.10"),
        (True, "10.0.0.20-10.0.0.30"),
        (True, "10.0.0.12-10.0.0.15"),
        (True, "10.0.0.1-10.0.0.30"),
        (False, "10.0.0.1-10.0.0.9"),
        (False, "10.0.0.21-10.0.0.30"),
    ],
)
def test_ranges_overlap_if_they_share_an_address(expected: bool, other: str) -> None:
    """One common address is enough, neighbours have none; it holds both ways."""
    assert expected is span("10.0.0.10-10.0.0.20").overlaps(span(other))
    assert expected is span(other).overlaps(span("10.0.0.10-10.0.0.20"))


def test_pools_are_cut_from_the_end_of_the_network() -> None:
    """The highest addresses go first; the broadcast address goes to nobody."""
    assert (
        span("172.18.255.239-172.18.255.254"),
        span("172.18.255.223-172.18.255.238"),
    ) == carve(DOCKER, count=2, size=16)


def test_pools_go_around_what_is_taken() -> None:
    """A claimed range is skipped, the room above it used where it suffices."""
    taken = [span("172.18.255.230-172.18.255.238"), span("172.18.255.200-172.18.255.210")]

    assert (
        span("172.18.255.239-172.18.255.254"),
        span("172.18.255.214-172.18.255.229"),
        span("172.18.255.184-172.18.255.199"),
    ) == carve(DOCKER, count=3, size=16, taken=taken)


@given(data=strategies.data(), network=networks())
def test_pools_are_disjoint_free_and_in_the_upper_half(
    data: strategies.DataObject, network: IPv4Network
) -> None:
    """Whatever the network and whoever holds what, no two pools share an address."""
    taken = data.draw(claims(network))
    size, count = data.draw(strategies.integers(1, 40)), data.draw(strategies.integers(0, 6))
    assume(count <= room(network, size, taken))

    pools = carve(network, count=count, size=size, taken=taken)

    half = network.network_address + network.num_addresses // 2
    assert [size] * count == [int(each.last) - int(each.first) + 1 for each in pools]
    assert [] == [each for each in pools if each.first < half]
    assert [] == [each for each in pools if each.last >= network.broadcast_address]
    assert [] == [(a, b) for a in pools for b in (*pools, *taken) if a is not b and a.overlaps(b)]


@given(data=strategies.data(), network=networks())
def test_pools_are_refused_only_where_there_is_no_room(
    data: strategies.DataObject, network: IPv4Network
) -> None:
    """One pool more than fits is refused, and no pool that fits is."""
    taken = data.draw(claims(network))
    size = data.draw(strategies.integers(max(1, network.num_addresses // 64), 2**24))
    fitting = room(network, size, taken)

    assert fitting == len(carve(network, count=fitting, size=size, taken=taken))
    with pytest.raises(HostError):
        carve(network, count=fitting + 1, size=size, taken=taken)


def test_a_full_network_says_what_to_do() -> None:
    """The refusal names the network, what was asked, how much is claimed, and the way out."""
    taken = [span("172.18.255.129-172.18.255.238")]

    with pytest.raises(HostError) as caught:
        carve(IPv4Network("172.18.255.0/24"), count=2, size=16, taken=taken)

    assert str(caught.value) == (
        "network 172.18.255.0/24 has no room for 2 pools of 16 addresses beside the 1 claimed: "
        "put leftovers away with `meshproof down --all`"
    )
