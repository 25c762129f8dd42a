"""Cells that no run was needed for, and what cells come to: a profile, a document, an exit code."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from harness.errors import ExitCode
from harness.topology import Topology
from reports.qualification.model import (
    Cell,
    Implementation,
    Meshproof,
    Profile,
    QualificationReport,
    Result,
)
from reports.report import Report

WORDS = {
    Result.PASS: "passed",
    Result.FAIL: "failed",
    Result.INCONCLUSIVE: "inconclusive",
    Result.UNAVAILABLE: "unavailable",
    Result.NOT_APPLICABLE: "not applicable",
}


def unjudged(topology: Topology, result: Result, reason: str, run: str = "") -> Cell:
    """Return a cell for which no mesh was judged, and why."""
    return Cell(topology=topology.name, title=topology.title, result=result, reason=reason, run=run)


def profile(
    istio: str, cells: Sequence[Cell], report: Report | None = None, **more: Any
) -> Profile:
    """Return the profile of one Istio version, with what its run says of engine and images."""
    if report is not None:
        more = {
            "engine": report.run.engine.name,
            "images": report.run.images.name,
            "versions": report.versions,
            "upstream_envoy": report.settings.upstream_envoy,
            "digests": report.digests,
            "seconds": round(report.run.seconds, 1),
            **more,
        }
    results = [cell.result for cell in cells]
    return Profile(
        name=f"istio-{istio}",
        istio=istio,
        result=worst(results),
        summary=told(results),
        statistics=counts(results),
        cells=tuple(cells),
        **more,
    )


def worst(results: Iterable[Result]) -> Result:
    """Return the worst result; of none at all, inconclusive: nothing was shown."""
    return max(results, key=lambda result: result.rank, default=Result.INCONCLUSIVE)


def counts(results: Iterable[Result]) -> dict[Result, int]:
    """Return how many cells have each result, all of them named."""
    found = Counter(results)
    return {result: found[result] for result in WORDS}


def told(results: Iterable[Result]) -> str:
    """Return the counts in words, without those that are nought."""
    words = (f"{count} {WORDS[result]}" for result, count in counts(results).items() if count)
    return ", ".join(words) or "no cells"


def exit_code(results: Sequence[Result], *, stopped: bool = False) -> int:
    """Return what a matrix ends with: a fail decides, then what could not be told or not be had.

    A matrix of which nothing applies has shown nothing, and one that was stopped is interrupted.
    """
    if stopped:
        return int(ExitCode.INTERRUPTED)
    code = ExitCode.PASSED if Result.PASS in results else ExitCode.NOTHING_RAN
    if {Result.INCONCLUSIVE, Result.UNAVAILABLE} & set(results):
        code = ExitCode.INCONCLUSIVE
    return int(ExitCode.MESH_FAILED if Result.FAIL in results else code)


def conclude(  # noqa: PLR0913  # each is a part of the document
    title: str,
    profiles: Sequence[Profile],
    *,
    meshproof: Meshproof,
    host: dict[str, str],
    started: datetime,
    seconds: float,
    stopped: str = "",
) -> QualificationReport:
    """Return the document of these profiles; `stopped` says what ended it before its time."""
    results = [cell.result for each in profiles for cell in each.cells]
    return QualificationReport(
        title=title,
        date=started.replace(microsecond=0),
        seconds=round(seconds, 1),
        implementation=Implementation(versions=tuple(each.istio for each in profiles)),
        meshproof=meshproof,
        host=host,
        result=worst(results),
        exit_code=exit_code(results, stopped=bool(stopped)),
        statistics=counts(results),
        interruption=stopped,
        profiles=tuple(profiles),
    )
