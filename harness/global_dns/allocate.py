"""Addresses for names: never routed, only caught by the sidecar, and the same in every run."""

from collections.abc import Iterable, Mapping
import hashlib
from ipaddress import IPv4Address, IPv4Network

from harness.errors import UsageError

NETWORK = IPv4Network("240.0.0.0/16")
"""Reserved by IANA, used by the documents; Istio's own allocation lies in 240.240.0.0/16."""

_FIRST = int(NETWORK.network_address) + 1
_ROOM = NETWORK.num_addresses - 2


def allocate(
    hosts: Iterable[str], taken: Mapping[str, IPv4Address] | None = None
) -> dict[str, IPv4Address]:
    """Return an address for each host, in the hosts' alphabetical order.

    A host's address follows from its name, and so does not depend on the order or, unless two
    names meet, on the others. A host that is in `taken` keeps the address it has there, and the
    addresses of the others there are left alone.
    """
    held = {host.lower(): address for host, address in (taken or {}).items()}
    given: dict[str, IPv4Address] = {}
    used = set(held.values())
    for host in sorted({host.lower() for host in hosts}):
        given[host] = held.get(host) or _free(host, used)
        used.add(given[host])
    return given


def _free(host: str, used: set[IPv4Address]) -> IPv4Address:
    wanted = int.from_bytes(hashlib.sha256(host.encode()).digest()[:8], "big")
    for step in range(_ROOM):
        address = IPv4Address(_FIRST + (wanted + step) % _ROOM)
        if address not in used:
            return address
    raise UsageError(f"{NETWORK} has no address left for {host}: take names away")
