"""Who serves whom: istiods, proxies, remote secrets, injection."""

from collections.abc import Sequence
from functools import partial

import pytest

from fixtures.judge import Judge
from fixtures.topology import needs
from harness.checks import control_plane
from harness.mesh import Mesh
from harness.observation import Observation
from harness.probes import control_planes, proxies
from harness.steps.gateway import gateway_address
from harness.topology import Topology

pytestmark = pytest.mark.meanwhile


def remotes(topology: Topology) -> bool:
    """A cluster that another one's istiod serves."""
    return bool(topology.remotes)


def test_istiod_runs_in_primaries_and_nowhere_else(mesh: Mesh, judge: Judge) -> None:
    """A remote runs no istiod of its own."""
    look = partial(control_planes.control_planes, mesh)

    judge(control_plane.istiod_runs_only_in_primaries, look)


def test_every_proxy_is_in_sync_with_its_primary(mesh: Mesh, judge: Judge) -> None:
    """All sidecars and gateways of all clusters are served, in sync, by their primary's istiod."""
    served = partial(control_plane.every_proxy_is_served_by, proxies=proxies.expected(mesh))

    judge(served, partial(proxies.states, mesh))


def test_no_proxy_rejected_an_update(mesh: Mesh, judge: Judge) -> None:
    """Every Envoy took every configuration that it was sent."""
    judge(control_plane.no_update_was_rejected, partial(proxies.configs, mesh))


def test_upstream_envoy_is_not_asked_for_istio_extensions(mesh: Mesh, judge: Judge) -> None:
    """Where proxies are upstream Envoys, no configuration names an extension they lack."""
    if not mesh.settings.upstream_envoy:
        pytest.skip("the proxies are Istio's own builds of Envoy")
    look = partial(proxies.configs, mesh)

    judge(control_plane.no_istio_extension_is_asked_of_upstream_envoy, look)


def test_primaries_watch_exactly_the_clusters_attached_to_them(mesh: Mesh, judge: Judge) -> None:
    """`istioctl remote-clusters` lists, as synced, what the topology attaches, and nothing more."""
    judge(
        control_plane.secrets_are_synced_exactly,
        partial(control_planes.remote_clusters, mesh),
    )


@needs(remotes)
def test_a_remote_leads_to_the_gateway_of_its_primary(mesh: Mesh, judge: Judge) -> None:
    """The remote's Service istiod has the gateway's address as its only endpoint."""
    addresses = {
        each.primary: gateway_address(mesh, each.primary) for each in mesh.topology.remotes
    }
    lead = partial(control_plane.remotes_lead_to_their_primary, addresses=addresses)

    judge(lead, partial(control_planes.control_planes, mesh))


def test_pods_are_injected_for_their_cluster_by_their_primary(mesh: Mesh, judge: Judge) -> None:
    """Sidecars know their cluster and network, and the webhook calls the right injector."""

    def look() -> Sequence[Observation]:
        return [*control_planes.control_planes(mesh), *control_planes.injected_pods(mesh)]

    injected = partial(
        control_plane.pods_were_injected_by, injectors=control_planes.injectors(mesh.topology)
    )

    judge(injected, look)
