"""A runbook run for real, from nothing: it needs what `make verify` needs, and a run before it."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
import os
from pathlib import Path
import shutil
import subprocess  # noqa: TID251  # a shell reads what was written for a shell

import pytest

from harness.card import Options
from harness.checks import control_plane
from harness.checks.identity import one_root
from harness.checks.reach import answered_by_exactly
from harness.drivers.shell import LocalShell
from harness.drivers.transcript import Transcript
from harness.engine.stack.store import cache_folder
from harness.errors import ExitCode
from harness.mesh import Mesh
from harness.patience import settle
from harness.probes import control_planes, http
from harness.providers.contexts import Context
from harness.providers.existing import ExistingProvider
from harness.run import Run
from harness.sampling import calls_needed
from harness.settings import Settings
from harness.topology import Topology
from harness.verdict import Outcome, Verdict
from reports.report import from_json

RUNS = Path(__file__).parents[1] / "runs"
TOPOLOGY = "primary-remote"
SETTLE = 60.0
LONGEST = 900.0

pytestmark = pytest.mark.e2e


@pytest.fixture
def book() -> tuple[Path, Topology]:
    """The newest runbook of a whole run of this checkout, and the topology that it builds."""
    books = sorted(
        RUNS.glob(f"[0-9]*/{TOPOLOGY}/runbook.sh"), key=lambda path: path.stat().st_mtime
    )
    for book in reversed(books):
        report = from_json((book.parents[1] / "report.json").read_bytes())
        found = [each.topology for each in report.topologies if each.name == TOPOLOGY]
        whole = report.exit_code == ExitCode.PASSED
        # the images of another Istio are not on the nodes
        today = report.versions and report.versions.istio == Settings().versions.istio
        if whole and today and found[0]:
            return book, found[0]
    pytest.skip(f"no whole run of {TOPOLOGY} is in this checkout: `make verify` leaves one")


@pytest.fixture
def run() -> Iterator[Run]:
    """An engine of its own; the runs of others have theirs."""
    run = Run.open(Options(), print)
    yield run
    run.close(failed=False)


@pytest.fixture
def golden(run: Run) -> Iterator[None]:
    """The databases that all nodes' images are cloned from: no node may have written to them."""
    root = run.card.stack.containerd_root
    databases = sorted(root.glob("*/*.db")) if root else []
    before = [sha256(path.read_bytes()).digest() for path in databases]
    yield
    assert [sha256(path.read_bytes()).digest() for path in databases] == before


@pytest.fixture
def work(run: Run) -> Iterator[Path]:
    """Where the runbook keeps what it makes: on the file system of the images it links."""
    folder = cache_folder() / f"by-hand-{run.card.id}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mesh(run: Run, book: tuple[Path, Topology], work: Path, tmp_path: Path) -> Iterator[Mesh]:
    """What the runbook built, reached as clusters of somebody else; taken away by the runbook."""
    script, topology = book
    bash = shutil.which("bash")
    assert bash is not None
    environment = {**os.environ, **run.card.environment, "WORK": str(work)}
    try:
        subprocess.run([bash, script], env=environment, check=True, timeout=LONGEST)
        provider = ExistingProvider(
            topology,
            {
                name: Context(work / f"{name}.kubeconfig", f"kind-by-hand-{name}")
                for name in topology.names
            },
            istioctl=run.card.stack.tools.istioctl,
            shell=LocalShell(environment=run.card.environment),
            folder=tmp_path / "private",
            transcript=Transcript(tmp_path / "transcript"),
        )
        yield Mesh(topology, run.card.settings, provider)
    finally:
        subprocess.run([bash, script, "down"], env=environment, check=True, timeout=LONGEST)


@pytest.mark.usefixtures("golden")
def test_the_claims_hold_of_what_a_runbook_built(mesh: Mesh) -> None:
    """Every sleep is answered by every cluster it may reach; control is as the topology says."""
    topology = mesh.topology
    claims = {
        f"{source} → {host}": settle(partial(_reached, mesh, source, host), SETTLE)
        for source in topology.names
        for host in topology.reach(source)
    }
    planes = control_planes.control_planes(mesh)
    claims["istiods"] = control_plane.istiod_runs_only_in_primaries(topology, planes)
    claims["root"] = one_root(topology, planes)

    failed = {name: each for name, each in claims.items() if each.outcome is not Outcome.PASS}
    assert failed == {}


def _reached(mesh: Mesh, source: str, host: str) -> Verdict:
    answering = sorted(mesh.topology.reach(source)[host])
    url, times = f"http://{host}:8000/hostname", calls_needed(len(answering))
    seen = http.call(mesh, source, url, times=times)
    return answered_by_exactly(mesh.topology, seen, clusters=answering)
