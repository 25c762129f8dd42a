"""meshproof's side: its plan, and its matrix of calls judged as the scenarios judge it."""

from collections.abc import Iterable, Mapping
from functools import partial

from harness.bench import documents
from harness.bench.account import Span
from harness.checks.reach import answered_by_exactly
from harness.errors import DeadlineError
from harness.mesh import Mesh, Step
from harness.patience import now, settle
from harness.perform import Progress, perform
from harness.plan import plan
from harness.probes import http
from harness.record import StepRecord
from harness.sampling import calls_needed
from harness.steps.attachment import AttachCluster, AwaitSync
from harness.steps.clusters import CreateCluster, RouteToNeighbours
from harness.steps.control_plane import InstallPrimary, PrepareSystemNamespace
from harness.steps.gateway import AwaitGatewayAddress, ExposeIstiod
from harness.steps.load_balancer import InstallLoadBalancer, ProvidePool
from harness.steps.remote import AwaitAdoption, InstallRemote
from harness.steps.workloads import DeployWorkloads, PrepareWorkloads
from harness.verdict import Outcome, Verdict

SETTLE = 60.0
PHASES: dict[type, str] = {
    CreateCluster: documents.CLUSTERS,
    RouteToNeighbours: documents.CLUSTERS,
    InstallLoadBalancer: documents.LOAD_BALANCER,
    ProvidePool: documents.LOAD_BALANCER,
    PrepareSystemNamespace: documents.PRIMARY,
    InstallPrimary: documents.PRIMARY,
    AwaitGatewayAddress: documents.GATEWAY_PHASE,
    ExposeIstiod: documents.GATEWAY_PHASE,
    InstallRemote: documents.REMOTE,
    AttachCluster: documents.SECRET,
    AwaitAdoption: documents.SECRET,
    AwaitSync: documents.SECRET,
    PrepareWorkloads: documents.WORKLOADS,
    DeployWorkloads: documents.WORKLOADS,
}
"""In which of the documents' phases a step does its work."""


def perform_ours(mesh: Mesh, progress: Progress) -> tuple[Span, ...]:
    """Bring the mesh up, ask for the matrix, and return when each phase began and ended.

    The gateway is installed with the primary. Raises ProvisioningError when a step fails and
    DeadlineError when the answers never become exact.
    """
    began = now()
    todo = plan(mesh.topology, mesh.pools)
    performance = perform(todo, mesh, progress)
    performance.raise_if_failed()
    start = now()
    _matrix(mesh)
    spans = spans_of({task.name: task.step for task in todo.tasks}, performance.records)
    return (*spans, Span(documents.MATRIX, start - began, now() - began))


def spans_of(steps: Mapping[str, Step], records: Iterable[StepRecord]) -> tuple[Span, ...]:
    """Return each phase's span: from the first of its steps' beginnings to the last of its ends."""
    spans: dict[str, Span] = {}
    for record in records:
        name = PHASES[type(steps[record.step])]
        ended = record.started + record.seconds
        known = spans.get(name, Span(name, record.started, ended))
        spans[name] = Span(name, min(known.began, record.started), max(known.ended, ended))
    return tuple(spans.values())


def _matrix(mesh: Mesh) -> None:
    began = now()
    for source in mesh.topology.names:
        verdict = settle(partial(_answered, mesh, source), SETTLE)
        if verdict.outcome is not Outcome.PASS:
            what = f"{source}: its sleep is answered by every cluster"
            raise DeadlineError(what, seconds=now() - began, attempts=1, last=verdict.reason)


def _answered(mesh: Mesh, source: str) -> Verdict:
    host = mesh.topology.server
    clusters = sorted(mesh.topology.reach(source)[host])
    url, times = f"http://{host}:8000/hostname", calls_needed(len(clusters))
    replies = http.call(mesh, source, url, times=times)
    return answered_by_exactly(mesh.topology, replies, clusters=clusters)
