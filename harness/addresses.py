"""Ranges of load-balancer addresses, carved from the network that is really there."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from harness.errors import HostError


@dataclass(frozen=True, slots=True)
class AddressRange:
    """IPv4 addresses from `first` to `last`, both within."""

    first: IPv4Address
    last: IPv4Address

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def overlaps(self, other: "AddressRange") -> bool:
        """Whether the two share an address."""
        return self.first <= other.last and other.first <= self.last

    @classmethod
    def parse(cls, text: str) -> "AddressRange":
        """Return the range that `str` wrote."""
        first, _, last = text.partition("-")
        return cls(IPv4Address(first), IPv4Address(last))


def carve(
    network: IPv4Network, *, count: int, size: int, taken: Iterable[AddressRange] = ()
) -> tuple[AddressRange, ...]:
    """Return `count` ranges of `size` addresses from the network's end, free of those taken.

    The lower half stays with the containers, which Docker numbers from the bottom; the broadcast
    address is left out. Raises HostError when the upper half has no room.
    """
    half = int(network.network_address) + network.num_addresses // 2
    last = int(network.broadcast_address) - 1
    occupied = list(taken)
    found: list[AddressRange] = []
    while len(found) < count and last - size + 1 >= half:
        candidate = AddressRange(IPv4Address(last - size + 1), IPv4Address(last))
        clash = next((each for each in occupied if each.overlaps(candidate)), None)
        if clash is None:
            found.append(candidate)
            occupied.append(candidate)
            last -= size
        else:
            last = int(clash.first) - 1
    if len(found) < count:
        raise HostError(
            f"network {network} has no room for {count} pools of {size} addresses beside the "
            f"{len(occupied) - len(found)} claimed: put leftovers away with `meshproof down --all`"
        )
    return tuple(found)
