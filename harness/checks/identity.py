"""Claims about who the two ends of a call are."""

from collections.abc import Sequence

from harness.observation import ControlPlane, HttpReply, Observation
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen


def both_ends_are(
    topology: Topology, observations: Sequence[Observation], *, client: str, server: str
) -> Verdict:
    """Every reply carries these SPIFFE ids of its client and its server: mutual TLS all the way."""
    del topology
    if verdict := unseen(observations):
        return verdict
    replies = [each for each in observations if isinstance(each, HttpReply)]
    if not replies:
        return inconclusive(observations, "no call was made")
    wrong = [
        each for each in replies if (each.client_identity, each.server_identity) != (client, server)
    ]
    if wrong:
        seen = wrong[0]
        return failed(
            observations,
            f"status {seen.status} {seen.error}".strip(),
            expected=f"{client} to {server}",
            got=f"{seen.client_identity or 'nobody'} to {seen.server_identity or 'nobody'}",
        )
    return passed(observations, f"{client} to {server}")


def one_root(topology: Topology, observations: Sequence[Observation]) -> Verdict:
    """Every cluster hands its workloads the same root certificate."""
    if verdict := unseen(observations):
        return verdict
    roots = {each.cluster: each.root for each in observations if isinstance(each, ControlPlane)}
    expected = f"one root in {', '.join(topology.names)}"
    got = ", ".join(f"{cluster}: {root[:12] or 'none'}" for cluster, root in sorted(roots.items()))
    if set(roots) != set(topology.names):
        return inconclusive(observations, "not every cluster was looked at")
    if "" in roots.values():
        return failed(observations, "a cluster has no root", expected=expected, got=got)
    if len(set(roots.values())) > 1:
        return failed(observations, "the roots differ", expected=expected, got=got)
    return passed(observations, f"one root: {got}")
