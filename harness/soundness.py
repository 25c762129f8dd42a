"""Whether a mesh that is up is as its topology wants it: looked at once, side by side, in words.

It is what `up` asks before it changes anything; the scenarios ask more, and wait for the answer.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from harness.checks import control_plane
from harness.checks.reach import answered_by_exactly
from harness.errors import HarnessError
from harness.mesh import Mesh
from harness.observation import Observation
from harness.probes import control_planes, http, proxies
from harness.sampling import calls_needed
from harness.verdict import Check, Outcome

SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class Question:
    """A claim about the mesh, and what is looked at for it."""

    claim: str
    check: Check
    look: Callable[[], Sequence[Observation]]


def flaws(mesh: Mesh) -> tuple[str, ...]:
    """Return what is not as the topology wants it; nothing when all of it was seen to be."""
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="look") as pool:
        found = pool.map(lambda question: _flaw(mesh, question), questions(mesh))
        return tuple(flaw for flaw in found if flaw)


def questions(mesh: Mesh) -> Iterator[Question]:
    """Yield what is asked: of istiods, of remotes, and of each sleep by one name of each kind."""
    topology = mesh.topology
    yield Question(
        "istiod runs in the primaries only",
        control_plane.istiod_runs_only_in_primaries,
        partial(control_planes.control_planes, mesh),
    )
    yield Question(
        "every primary has synced the clusters it watches",
        control_plane.secrets_are_synced_exactly,
        partial(control_planes.remote_clusters, mesh),
    )
    yield Question(
        "every proxy is served by its primary",
        lambda of, seen: control_plane.every_proxy_is_served_by(
            of, seen, proxies=proxies.expected(mesh)
        ),
        partial(proxies.states, mesh),
    )
    for source in topology.names:
        # names that lead to the same clusters stand for each other
        names = {answering: host for host, answering in topology.reach(source).items()}
        for answering, host in names.items():
            if not answering:
                continue
            url = f"http://{host}:8000/hostname"
            times = calls_needed(len(answering))
            yield Question(
                f"{source} is answered by {host} of {', '.join(sorted(answering))}",
                partial(answered_by_exactly, clusters=sorted(answering)),
                partial(http.call, mesh, source, url, times=times),
            )


def _flaw(mesh: Mesh, question: Question) -> str:
    try:
        verdict = question.check(mesh.topology, question.look())
    except (HarnessError, OSError) as problem:
        return f"{question.claim}: could not be seen ({problem})"
    if verdict.outcome is Outcome.PASS:
        return ""
    return f"{question.claim}: no ({verdict.reason})"
