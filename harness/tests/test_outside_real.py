"""A mesh on clusters of somebody else, who finds them afterwards as they were."""

from collections.abc import Iterator
import os
from pathlib import Path
import sys

import pytest

from harness.card import Options
from harness.checks.leftovers import left_as_found
from harness.drivers.shell import LocalShell
from harness.mesh import Mesh
from harness.patience import settle
from harness.perform import Unheard, perform
from harness.plan import bench_plan
from harness.probes.snapshot import snapshot
from harness.providers.kind import kind_name
from harness.run import Run
from harness.topology_file import find
from harness.verdict import Outcome

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
TOPOLOGY = find("anthos-three-clusters")
LONGEST = 900.0
SETTLE = 60.0


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """An engine of its own; the runs of others have theirs."""
    run = Run.open(Options(), print)
    yield run
    run.close(failed=False)


@pytest.fixture(scope="module")
def clusters(run: Run) -> Mesh:
    """Plain clusters with a load balancer each: no Istio is in them."""
    mesh = run.mesh(TOPOLOGY)
    perform(bench_plan(TOPOLOGY, mesh.pools), mesh, Unheard()).raise_if_failed()
    return mesh


@pytest.fixture(scope="module")
def contexts(run: Run, clusters: Mesh) -> list[str]:
    """All that the second process is told of them."""
    names = clusters.topology.names
    home = run.kubeconfig(TOPOLOGY).parent
    assert all((home / name / "kubeconfig").is_file() for name in names)
    known = {name: kind_name(run.card.owner.run, TOPOLOGY.name, name) for name in names}
    return [f"--context={name}=kind-{known[name]}@{home / name / 'kubeconfig'}" for name in names]


def verified(run: Run, *args: str) -> tuple[int, str]:
    """Verify the topology in a process of its own, and return its exit code and what it said."""
    argv = [sys.executable, "-m", "pytest", "scenarios", f"--topology={TOPOLOGY.name}"]
    shell = LocalShell(environment={**os.environ, **run.card.environment})
    done = shell.run(
        [*argv, f"--rootdir={ROOT}", f"--images={run.card.choice.images}", *args],
        timeout=LONGEST,
        check=False,
    )
    print(done.stdout, done.stderr)  # noqa: T201  # it is shown when this fails
    return done.code, done.stdout + done.stderr


def test_a_mesh_is_installed_judged_and_taken_away(
    run: Run, clusters: Mesh, contexts: list[str]
) -> None:
    """Every claim holds, nothing is left of it, and nothing of others is gone."""
    before = snapshot(clusters, "before")

    code, said = verified(run, *contexts, "-m", "not prove")

    assert code == 0, said
    verdict = settle(
        lambda: left_as_found(TOPOLOGY, [*before, *snapshot(clusters, "after")]), SETTLE
    )
    assert verdict.outcome is Outcome.PASS, verdict.got or verdict.reason


def test_what_no_run_has_made_is_not_touched(run: Run, clusters: Mesh, contexts: list[str]) -> None:
    """Every namespace in the way is told, with the way out; all of them are as before."""
    for name in ("istio-system", "sample"):
        metadata = {"name": name, "labels": {"theirs": "yes"}}
        clusters.kube(TOPOLOGY.names[1]).apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        )
    before = snapshot(clusters, "before")

    code, said = verified(run, *contexts, "-k", "istiod_runs")

    assert code == 4, said
    cluster = TOPOLOGY.names[1]
    assert f"{cluster}: namespace istio-system is there and no run made it" in said
    assert f"{cluster}: namespace sample is there and no run made it" in said
    assert "--check-only" in said
    verdict = left_as_found(TOPOLOGY, [*before, *snapshot(clusters, "after")])
    assert verdict.outcome is Outcome.PASS, verdict.got or verdict.reason
