"""Report: what a run found, as one versioned value, JSON both ways.

It is composed from records by `reports.compose`, judges nothing itself, and is all that any view
(terminal, HTML, JUnit, Markdown) needs. `reports/schema.json` is its JSON schema.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import ConfigDict, Field

from harness.record import StepRecord
from harness.settings import Frozen, Settings, Versions
from harness.topology import Topology
from harness.verdict import Outcome
from reports.evidence import Evidence

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class RunVerdict(StrEnum):
    """What the whole run says, one word for each exit code."""

    PASS = "pass"  # noqa: S105  # an outcome, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ENVIRONMENT = "environment"
    BUG = "bug"
    INTERRUPTED = "interrupted"
    USAGE = "usage"
    NOTHING_RAN = "nothing-ran"


class Ran(StrEnum):
    """How one test ended; `error` is set-up or teardown, `not-run` was selected but never begun."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    NOT_RUN = "not-run"


class Choice(Frozen):
    """One of several ways, and why it was taken."""

    name: str
    reason: str


class Run(Frozen):
    """When, how and on what it ran; `timings` are seconds of phases outside any plan."""

    id: str
    started: datetime
    seconds: float
    command: tuple[str, ...]
    engine: Choice
    images: Choice
    host: dict[str, str]
    timings: dict[str, float]
    interruption: str = ""


class Provision(Frozen):
    """How a topology was set up or taken down, step by step."""

    phase: Literal["up", "down"]
    seconds: float
    steps: tuple[StepRecord, ...]
    error: str = ""
    nodes: dict[str, str] = Field(default_factory=dict)
    gateways: dict[str, str] = Field(default_factory=dict)


class Claim(Frozen):
    """One claim as it was judged, with everything needed to judge it again."""

    id: str
    """Unique in the report: topology and number."""
    test: str
    claim: str
    check: str
    params: dict[str, Any]
    outcome: Outcome
    reason: str
    expected: str
    got: str
    evidence: Evidence
    attempts: int
    seconds: float
    fault: str = ""
    wanted: Literal["pass", "fail"] = "pass"

    @property
    def as_wanted(self) -> bool:
        """Whether the outcome is the one that the scenario needs."""
        return self.outcome.value == self.wanted


class Skipped(Frozen):
    """A scenario that does not apply to the topology, and why."""

    test: str
    reason: str


class Dump(Frozen):
    """What a mesh looked like when it was red: where it lies, below the run's folder."""

    folder: str
    seconds: float
    bytes: int
    missing: int
    test: str = ""
    fault: str = ""


class TopologyAccount(Frozen):
    """All that was found about one topology; `untested` are tests whose claims were never tried."""

    name: str
    topology: Topology | None
    provisions: tuple[Provision, ...] = ()
    claims: tuple[Claim, ...] = ()
    not_applicable: tuple[Skipped, ...] = ()
    untested: tuple[str, ...] = ()
    dumps: tuple[Dump, ...] = ()


class Cause(Frozen):
    """An exception that ended a phase of a test; `exit_code` is None when it is not one of ours."""

    phase: Literal["setup", "call", "teardown"]
    type: str
    message: str
    exit_code: int | None = None


class TestRun(Frozen):
    """One test of pytest, by node id; `text` is what pytest would print of its failure."""

    __test__ = False  # a value, though its name begins as pytest's classes do

    id: str
    outcome: Ran
    seconds: float
    topology: str = ""
    text: str = ""
    causes: tuple[Cause, ...] = ()


class Totals(Frozen):
    """Counts of claims (held, caught a fault, failed, inconclusive, missed a fault) and tests."""

    held: int
    caught: int
    failed: int
    inconclusive: int
    missed: int
    not_applicable: int
    untested: int
    tests: dict[Ran, int]


class Report(Frozen):
    """The account of one run."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    schema_version: Literal["1.0"] = Field(default=SCHEMA_VERSION, alias="schemaVersion")
    run: Run
    settings: Settings
    versions: Versions | None
    """What really ran; what was asked for is in the settings."""
    digests: dict[str, str]
    topologies: tuple[TopologyAccount, ...]
    tests: tuple[TestRun, ...]
    totals: Totals
    verdict: RunVerdict
    exit_code: int

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of every topology."""
        return tuple(claim for account in self.topologies for claim in account.claims)


def to_json(report: Report) -> str:
    """Return the report as JSON, one value a line, ended by a newline."""
    return report.model_dump_json(by_alias=True, indent=1) + "\n"


def from_json(text: str | bytes) -> Report:
    """Return the report that `to_json` wrote; raises ValidationError on anything else."""
    return Report.model_validate_json(text)
