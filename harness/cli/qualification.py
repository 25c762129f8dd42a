"""A matrix gone through, one Istio version after the other, and the cells that come of it.

Each version is obtained, and then verified in one run of pytest with every topology that it can
be; the run's record is cut by topology. How that is done is `Verifier`'s; nothing is judged here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.errors import HarnessError, HostError, UsageError
from harness.matrix_file import Matrix, Subject
from harness.operators import ignored
from harness.patience import now
from reports.qualification.conclude import profile, unjudged
from reports.qualification.cut import cell
from reports.qualification.model import Cell, Profile, Result, Tool
from reports.report import Report

NOT_REACHED = "the qualification has not come to it: it runs still, or it was stopped"


@dataclass(frozen=True, slots=True)
class Verified:
    """How one run of `verify` ended; without a report it left no record.

    `run` is its folder below the checkout, `command` what does the same again.
    """

    run: str
    command: str
    code: int
    report: Report | None
    stopped: bool = False
    """Whether somebody stopped us, and it with us."""


class Verifier(Protocol):
    """Obtains an Istio version and verifies topologies on it."""

    def obtain(self, istio: str) -> tuple[Tool, ...]:
        """Have the version at hand, and return its tools; UsageError or HostError if it is not."""
        ...

    def verify(self, istio: str, named: Sequence[str]) -> Verified:
        """Judge every claim about these topologies in one run."""
        ...


class Stopped(HarnessError):  # noqa: N818  # not an error of anyone's
    """Somebody stopped us; `profile` is what the last run still came to."""

    def __init__(self, last: Profile) -> None:
        super().__init__(f"while Istio {last.istio} was verified")
        self.profile = last


def pending(matrix: Matrix) -> dict[str, Profile]:
    """Return a profile for each version as it stands before anything was run."""
    return {istio: profile(istio, _cells(matrix, istio, {})) for istio in matrix.istio}


def profiles(matrix: Matrix, verifier: Verifier, say: Callable[[str], None]) -> Iterator[Profile]:
    """Yield the profile of each version as soon as it is known; raises Stopped."""
    for istio in matrix.istio:
        subjects = _applicable(matrix, istio)
        if not subjects:
            say(f"Istio {istio}: no topology of the matrix applies to it")
            yield profile(istio, _cells(matrix, istio, {}))
            continue
        began = now()
        try:
            say(f"Istio {istio}: obtaining it")
            tools = verifier.obtain(istio)
        except (UsageError, HostError) as cause:
            say(f"Istio {istio} is unavailable: {cause}")
            missing = {
                each.topology.name: unjudged(each.topology, Result.UNAVAILABLE, str(cause))
                for each in subjects
            }
            yield profile(istio, _cells(matrix, istio, missing))
            continue
        obtained = now() - began
        names = ", ".join(each.topology.name for each in subjects)
        say(f"Istio {istio}: verifying {names}")
        done = verifier.verify(istio, [each.named for each in subjects])
        known = {each.topology.name: _cell(each, done) for each in subjects}
        found = profile(
            istio,
            _cells(matrix, istio, known),
            done.report,
            run=done.run if done.report else "",
            command=done.command,
            tools=tools,
            obtained_in=round(obtained, 1),
        )
        if done.stopped:
            raise Stopped(found)
        say(f"Istio {istio}: {found.summary}")
        yield found


def _applicable(matrix: Matrix, istio: str) -> list[Subject]:
    return [each for each in matrix.subjects if not ignored(each.topology, istio)]


def _cells(matrix: Matrix, istio: str, known: dict[str, Cell]) -> list[Cell]:
    """Return a cell for every topology of the matrix: known, not applicable, or not reached."""
    cells = []
    for subject in matrix.subjects:
        topology = subject.topology
        if reason := ignored(topology, istio):
            cells.append(unjudged(topology, Result.NOT_APPLICABLE, reason))
        elif topology.name in known:
            cells.append(known[topology.name])
        else:
            cells.append(unjudged(topology, Result.INCONCLUSIVE, NOT_REACHED))
    return cells


def _cell(subject: Subject, done: Verified) -> Cell:
    topology = subject.topology
    if done.report is not None:
        return cell(done.report, topology.name, title=topology.title, run=done.run)
    why = f"`{done.command}` ended with {done.code} and left no record: its own words say why"
    return unjudged(topology, Result.INCONCLUSIVE, why)
