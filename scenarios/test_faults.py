"""A check that cannot fail proves nothing: each fault turns exactly the right claims red.

What must fail is awaited as failed, what has nothing to do with the fault must still pass, and
once the fault is healed all of it passes again.
"""

from collections.abc import Callable
from functools import partial

from fixtures.judge import Judge
from fixtures.topology import needs
from harness.checks.control_plane import every_proxy_is_served_by, secrets_are_synced_exactly
from harness.checks.identity import one_root
from harness.checks.names import answered_with_exactly
from harness.checks.nodes import every_fact_holds
from harness.checks.reach import answered_by_exactly
from harness.faults import Fault
from harness.faults.foreign_root import ForeignRoot
from harness.faults.gateway_down import GatewayDown
from harness.faults.remote_secret_gone import RemoteSecretGone
from harness.faults.services_hidden import ServicesHidden
from harness.faults.stub_astray import StubAstray
from harness.global_dns import allocate
from harness.mesh import Mesh
from harness.probes import control_planes, dns, http, nodes, proxies
from harness.probes.dns import Question
from harness.sampling import calls_needed
from harness.steps.gateway import gateway_address
from harness.steps.global_names import global_name
from harness.topology import Discovery, Resolver, Topology

SLOW = 60.0
"""Seconds that proxies may take to find their istiod again."""

Inject = Callable[[Fault], None]


def one_network_and_a_remote(topology: Topology) -> bool:
    """A remote on its primary's network."""
    return not topology.crosses_networks and bool(topology.remotes)


def a_watched_cluster(topology: Topology) -> bool:
    """Primaries that watch other clusters."""
    watches = any(topology.watched_by(each.name) for each in topology.primaries)
    return topology.discovery is Discovery.REMOTE_SECRETS and watches


def networks_and_secrets(topology: Topology) -> bool:
    """Several networks, joined by remote secrets."""
    return topology.crosses_networks and topology.discovery is Discovery.REMOTE_SECRETS


def global_names(topology: Topology) -> bool:
    """Clusters joined by .global names."""
    return topology.discovery is Discovery.GLOBAL_NAMES


def a_stub(topology: Topology) -> bool:
    """A DNS stub for .global."""
    return topology.resolver is Resolver.STUB


@needs(a_watched_cluster)
def test_a_missing_remote_secret_cuts_off_the_endpoints_of_its_cluster(
    mesh: Mesh, fault: Inject, judge: Judge
) -> None:
    """The primary's clients lose the other cluster's httpbin, and remote-clusters says why."""
    primary = mesh.topology.primaries[0].name
    other = mesh.topology.watched_by(primary)[0].name
    everywhere = sorted(mesh.topology.answering(primary))
    left = [name for name in everywhere if name != other]
    calls = partial(http.call, mesh, primary, _url(mesh), times=calls_needed(len(everywhere)))
    listed = partial(control_planes.remote_clusters, mesh)

    fault(RemoteSecretGone(primary, other))

    judge(partial(answered_by_exactly, clusters=everywhere), calls, wanted="fail")
    judge(secrets_are_synced_exactly, listed, wanted="fail")
    judge(partial(answered_by_exactly, clusters=left), calls)
    if mesh.topology[other].is_primary:  # the other direction is attached still
        back = partial(http.call, mesh, other, _url(mesh), times=calls_needed(len(everywhere)))
        judge(partial(answered_by_exactly, clusters=everywhere), back)
    judge(one_root, partial(control_planes.control_planes, mesh))


@needs(one_network_and_a_remote)
def test_a_missing_gateway_cuts_the_remote_off_from_its_istiod(
    mesh: Mesh, fault: Inject, judge: Judge
) -> None:
    """The remote's proxies lose their istiod, the traffic between pods goes on."""
    remote = mesh.topology.remotes[0]
    primary, names = remote.primary, sorted(mesh.topology.answering(remote.name))
    address = gateway_address(mesh, primary)
    every_proxy = proxies.expected(mesh)
    remotes_own = {
        proxy: cluster for proxy, cluster in every_proxy.items() if cluster == remote.name
    }
    primarys_own = {
        proxy: cluster
        for proxy, cluster in every_proxy.items()
        if cluster == primary and "eastwestgateway" not in proxy
    }
    served = partial(proxies.states, mesh)

    fault(GatewayDown(primary))

    judge(
        partial(every_proxy_is_served_by, proxies=remotes_own),
        served,
        wanted="fail",
        patience=SLOW,
    )
    judge(
        every_fact_holds,
        partial(nodes.gateway_answers, mesh, remote.name, primary, address, 15012),
        wanted="fail",
    )
    judge(partial(every_proxy_is_served_by, proxies=primarys_own), served)
    calls = partial(http.call, mesh, remote.name, _url(mesh), times=calls_needed(len(names)))
    judge(partial(answered_by_exactly, clusters=names), calls)


@needs(networks_and_secrets)
def test_hidden_services_cut_the_other_networks_off(
    mesh: Mesh, fault: Inject, judge: Judge
) -> None:
    """A client of another network loses the cluster, and keeps what is its cluster's alone."""
    hidden, client = mesh.topology.primaries[0].name, mesh.topology.clusters[-1].name
    everywhere = sorted(mesh.topology.answering(client))
    times = calls_needed(len(everywhere))

    fault(ServicesHidden(hidden, client))

    judge(
        partial(answered_by_exactly, clusters=everywhere),
        partial(http.call, mesh, client, _url(mesh), times=times),
        wanted="fail",
    )
    local = f"http://{mesh.topology.local_server}:8000/hostname"
    judge(
        partial(answered_by_exactly, clusters=[client]),
        partial(http.call, mesh, client, local, times=3),
    )
    # the gateways of remotes are told by their primary what to expose: the way back goes with it
    if not mesh.topology.remotes_of(hidden):
        judge(
            partial(answered_by_exactly, clusters=everywhere),
            partial(http.call, mesh, hidden, _url(mesh), times=times),
        )
    judge(one_root, partial(control_planes.control_planes, mesh))


@needs(global_names)
def test_a_foreign_root_is_trusted_by_nobody(mesh: Mesh, fault: Inject, judge: Judge) -> None:
    """Calls across clusters fail, the roots are seen to differ, calls at home go on."""
    home, foreign = mesh.topology.names[0], mesh.topology.names[-1]
    across = f"http://{global_name(mesh.topology)}:8000/hostname"

    fault(ForeignRoot(foreign, home))

    judge(one_root, partial(control_planes.control_planes, mesh), wanted="fail")
    judge(
        partial(answered_by_exactly, clusters=[foreign]),
        partial(http.call, mesh, home, across, times=3),
        wanted="fail",
        patience=SLOW,
    )
    judge(
        partial(answered_by_exactly, clusters=[foreign]),
        partial(http.call, mesh, foreign, _url(mesh), times=3),
    )


@needs(a_stub)
def test_a_stub_that_leads_astray_is_caught_by_name_and_by_call(
    mesh: Mesh, fault: Inject, judge: Judge
) -> None:
    """The name is not answered and the call fails, other names are answered as before."""
    cluster = mesh.topology.names[0]
    name = global_name(mesh.topology)
    answered = partial(answered_with_exactly, addresses=[str(allocate([name])[name])])
    clusters = sorted(mesh.topology.reach(cluster)[name])

    fault(StubAstray(cluster))

    judge(answered, partial(dns.ask, mesh, cluster, [Question(f"{name}.")]), wanted="fail")
    judge(
        partial(answered_by_exactly, clusters=clusters),
        partial(http.call, mesh, cluster, f"http://{name}:8000/hostname", times=3),
        wanted="fail",
    )
    judge(
        partial(answered_by_exactly, clusters=[cluster]),
        partial(http.call, mesh, cluster, _url(mesh), times=3),
    )


def test_the_mesh_is_whole_again_once_faults_are_healed(
    mesh: Mesh, fault: Inject, judge: Judge
) -> None:
    """After the faults every proxy is served and every cluster answers every other."""
    del fault
    served = partial(every_proxy_is_served_by, proxies=proxies.expected(mesh))
    judge(served, partial(proxies.states, mesh), patience=SLOW)
    for source in mesh.topology.names:
        for host, answering in mesh.topology.reach(source).items():
            url, times = f"http://{host}:8000/hostname", calls_needed(len(answering))
            calls = partial(http.call, mesh, source, url, times=times)
            judge(partial(answered_by_exactly, clusters=sorted(answering)), calls, patience=SLOW)


def _url(mesh: Mesh) -> str:
    return f"http://{mesh.topology.server}:8000/hostname"
