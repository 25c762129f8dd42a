"""Claims about the way that calls take: by pod addresses within a network, by gateways across."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address

from harness.observation import Endpoint, Observation
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen

PASSTHROUGH = 15443


def endpoints_lead_by(
    topology: Topology,
    observations: Sequence[Observation],
    *,
    source: str,
    gateways: Mapping[str, str],
) -> Verdict:
    """A client's endpoints are pods of its own network and gateways of every other, no others.

    `gateways` maps a cluster of another network to its gateway's address. A network whose gateway
    istiod does not know is given away by pod addresses that nothing routes.
    """
    if verdict := unseen(observations):
        return verdict
    endpoints = [each for each in observations if isinstance(each, Endpoint)]
    if not endpoints:
        return inconclusive(observations, "no endpoint was seen")
    own = topology[source].network
    answering = sorted(topology.answering(source))
    wanted = {name: _way(topology, name, own, gateways) for name in answering}
    seen = {_told(topology, each) for each in endpoints}
    expected, got = ", ".join(sorted(set(wanted.values()))), ", ".join(sorted(seen))
    if seen != set(wanted.values()):
        return failed(observations, "the endpoints lead elsewhere", expected=expected, got=got)
    if sick := [each.address for each in endpoints if not each.healthy]:
        reason = f"an endpoint is not healthy: {sick[0]}"
        return failed(observations, reason, expected=expected, got=got)
    return passed(observations, got)


def _way(topology: Topology, name: str, own: str, gateways: Mapping[str, str]) -> str:
    if topology[name].network == own:
        return f"a pod of {name}"
    return f"{gateways[name]}:{PASSTHROUGH}"


def _told(topology: Topology, endpoint: Endpoint) -> str:
    address = IPv4Address(endpoint.address)
    home = next((each for each in topology.clusters if address in each.pods), None)
    return f"a pod of {home.name}" if home else f"{endpoint.address}:{endpoint.port}"
