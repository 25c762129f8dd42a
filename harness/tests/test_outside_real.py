"""A mesh on clusters of somebody else, who finds them afterwards as they were."""

from collections.abc import Iterator

import pytest

from harness.checks.leftovers import left_as_found
from harness.patience import settle
from harness.probes.snapshot import snapshot
from harness.tests.theirs import Theirs, theirs
from harness.topology_file import find
from harness.verdict import Outcome

pytestmark = pytest.mark.e2e

TOPOLOGY = find("anthos-three-clusters")
SETTLE = 60.0


@pytest.fixture(scope="module")
def clusters() -> Iterator[Theirs]:
    """Plain clusters with a load balancer each: no Istio is in them."""
    with theirs(TOPOLOGY) as clusters:
        yield clusters


def test_a_mesh_is_installed_judged_and_taken_away(clusters: Theirs) -> None:
    """Every claim holds, nothing is left of it, and nothing of others is gone."""
    before = snapshot(clusters.mesh, "before")

    code, said = clusters.verified(*clusters.contexts, "-m", "not prove")

    assert code == 0, said
    verdict = settle(
        lambda: left_as_found(TOPOLOGY, [*before, *snapshot(clusters.mesh, "after")]), SETTLE
    )
    assert verdict.outcome is Outcome.PASS, verdict.got or verdict.reason


def test_what_no_run_has_made_is_not_touched(clusters: Theirs) -> None:
    """Every namespace in the way is told, with the way out; all of them are as before."""
    for name in ("istio-system", "sample"):
        metadata = {"name": name, "labels": {"theirs": "yes"}}
        clusters.mesh.kube(TOPOLOGY.names[1]).apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        )
    before = snapshot(clusters.mesh, "before")

    code, said = clusters.verified(*clusters.contexts, "-k", "istiod_runs")

    assert code == 4, said
    cluster = TOPOLOGY.names[1]
    assert f"{cluster}: namespace istio-system is there and no run made it" in said
    assert f"{cluster}: namespace sample is there and no run made it" in said
    assert "--check-only" in said
    verdict = left_as_found(TOPOLOGY, [*before, *snapshot(clusters.mesh, "after")])
    assert verdict.outcome is Outcome.PASS, verdict.got or verdict.reason
