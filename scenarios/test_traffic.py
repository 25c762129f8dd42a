"""Cross-cluster sleep to httpbin: who is answered by whom, by which name."""

from functools import partial

from fixtures.judge import Judge
from fixtures.topology import needs
from harness.checks.path import endpoints_lead_by
from harness.checks.reach import answered_by_exactly
from harness.mesh import Mesh
from harness.probes import http, proxies
from harness.sampling import calls_needed
from harness.steps.gateway import gateway_address
from harness.topology import Discovery, Topology


def endpoint_discovery(topology: Topology) -> bool:
    """Primaries that watch the other clusters' API servers."""
    return topology.discovery is Discovery.REMOTE_SECRETS


def test_sleep_is_answered_by_every_cluster_it_may_reach_and_by_no_other(
    mesh: Mesh, source: str, host: str, judge: Judge
) -> None:
    """A sleep's calls are spread over exactly the clusters that this name may lead it to."""
    answering = sorted(mesh.topology.reach(source)[host])
    url = f"http://{host}:8000/hostname"
    look = partial(http.call, mesh, source, url, times=calls_needed(len(answering)))

    judge(partial(answered_by_exactly, clusters=answering), look)


@needs(endpoint_discovery)
def test_sleep_is_answered_from_where_httpbin_alone_serves(
    mesh: Mesh, source: str, alone: str, judge: Judge
) -> None:
    """With httpbin up in one cluster only, a sleep of any cluster is answered by that one."""
    look = partial(http.call, mesh, source, f"http://{mesh.topology.server}:8000/hostname", times=3)

    judge(partial(answered_by_exactly, clusters=[alone]), look)


@needs(endpoint_discovery)
def test_calls_go_by_pods_within_a_network_and_by_gateways_across(
    mesh: Mesh, source: str, judge: Judge
) -> None:
    """A client's Envoy holds pods of its own network, and 15443 of every other's gateway."""
    others = [
        each for each in mesh.topology.clusters if each.network != mesh.topology[source].network
    ]
    gateways = {each.name: gateway_address(mesh, each.name) for each in others}
    service = f"{mesh.topology.server}.svc.cluster.local"

    judge(
        partial(endpoints_lead_by, source=source, gateways=gateways),
        partial(proxies.endpoints, mesh, source, service),
    )
