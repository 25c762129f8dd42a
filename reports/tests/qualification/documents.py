"""Qualifications for tests: written by hand, named for what they show."""

from datetime import UTC, datetime

from reports.qualification.conclude import conclude, profile
from reports.qualification.model import (
    Cell,
    Meshproof,
    Profile,
    QualificationReport,
    Result,
    Statistics,
    Tool,
)

STARTED = datetime(2026, 11, 21, 7, 40, tzinfo=UTC)


def cell(topology: str, result: Result = Result.PASS, reason: str = "2 held", *failed: str) -> Cell:
    """Return a cell of two claims, of which these failed."""
    judged = result in (Result.PASS, Result.FAIL)
    return Cell(
        topology=topology,
        title=f"Title of {topology}",
        result=result,
        reason=reason,
        statistics=Statistics(passed=2 - len(failed), failed=len(failed), skipped=1)
        if judged
        else Statistics(),
        failed_claims=failed,
        run="reports/runs/r1" if judged else "",
    )


def istio(version: str, *cells: Cell) -> Profile:
    """Return the profile of a version."""
    tool = Tool(name="kind", version="0.33.0", digest="sha256:" + "ab" * 32)
    return profile(version, cells, run="reports/runs/r1", tools=(tool,))


def qualified(*profiles: Profile, stopped: str = "") -> QualificationReport:
    """Return the document of these profiles."""
    return conclude(
        "A release",
        profiles,
        meshproof=Meshproof(version="0.1.0", commit="abc"),
        host={"cores": "2"},
        started=STARTED,
        seconds=12.34,
        stopped=stopped,
    )
