"""Who both ends of a call are, and that nobody without an identity is let in."""

from collections.abc import Sequence
from functools import partial

import pytest

from fixtures.judge import Judge
from harness.checks.identity import both_ends_are, one_root
from harness.checks.reach import answered_by_exactly, refused
from harness.mesh import Mesh
from harness.observation import Observation
from harness.probes import control_planes, http
from harness.sampling import calls_needed

TRUST_DOMAIN = "spiffe://cluster.local"


def test_a_reply_carries_the_identities_of_both_ends(mesh: Mesh, source: str, judge: Judge) -> None:
    """Httpbin is told the SPIFFE ids of sleep and of itself: mutual TLS all the way."""
    topology = mesh.topology
    look = partial(http.call, mesh, source, f"http://{topology.server}:8000/headers", times=6)

    claim = partial(
        both_ends_are,
        client=f"{TRUST_DOMAIN}/ns/{topology.client_namespace}/sa/sleep",
        server=f"{TRUST_DOMAIN}/ns/{topology.server_namespace}/sa/httpbin",
    )

    judge(claim, look)


def test_a_client_without_a_sidecar_is_answered_by_its_own_cluster_only(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """Who is not in the mesh sees one cluster: its Service, and no other's pods behind it."""
    url = f"http://{mesh.topology.server}:8000/hostname"
    times = calls_needed(len(mesh.topology.names))

    look = partial(http.call, mesh, cluster, url, times=times, client="plain")

    judge(partial(answered_by_exactly, clusters=[cluster]), look)


@pytest.mark.usefixtures("strict")
def test_a_client_without_a_sidecar_is_refused_under_strict_mutual_tls(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """A plain client gets no answer while, in the same moment, an injected one does."""

    def look() -> Sequence[Observation]:
        url = f"http://{mesh.topology.server}:8000/hostname"
        plain = http.call(mesh, cluster, url, times=2, client="plain")
        return [*http.call(mesh, cluster, url, times=2), *plain]

    judge(partial(refused, control="sleep"), look)


def test_all_clusters_hand_out_one_root(mesh: Mesh, judge: Judge) -> None:
    """Every workload of the mesh trusts the same root certificate."""
    judge(one_root, partial(control_planes.control_planes, mesh))
