"""QualificationReport: one document for a release, ready to be archived and compared.

It has the shape of the Gateway API's ConformanceReport: an implementation, and profiles with
results, statistics and the names of what failed. A profile is an Istio version, judged in one run
of pytest; a cell is one topology of it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from harness.settings import Frozen, Versions


class Result(StrEnum):
    """What a cell says, from best to worst; the first two are as wanted."""

    NOT_APPLICABLE = "not-applicable"
    """The topology describes what this Istio cannot be."""
    PASS = "pass"  # noqa: S105  # a result, not a password
    UNAVAILABLE = "unavailable"
    """This Istio could not be had."""
    INCONCLUSIVE = "inconclusive"
    """It was not judged, or the judging could not tell."""
    FAIL = "fail"

    @property
    def as_wanted(self) -> bool:
        """Whether a release may go out with it."""
        return self in (Result.PASS, Result.NOT_APPLICABLE)

    @property
    def rank(self) -> int:
        """0 for not applicable, 4 for fail."""
        return list(Result).index(self)


class Part(Frozen):
    """Anything in the document; its keys are written in camel case."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )


class Statistics(Part):
    """Counts of claims; skipped are those that do not apply to the topology."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    inconclusive: int = 0
    untested: int = 0
    """Tests whose claims were never tried, for want of a mesh or of time."""


class Cell(Part):
    """One topology on one Istio."""

    topology: str
    title: str
    result: Result
    reason: str
    statistics: Statistics = Statistics()
    failed_claims: tuple[str, ...] = ()
    inconclusive_claims: tuple[str, ...] = ()
    seconds: float = 0
    """From the first step of setting it up to the end of taking it down."""
    run: str = ""
    """The folder of the run it was cut from, below the checkout; empty when there was none."""


class Tool(Part):
    """A program that was run, or a manifest that was applied."""

    name: str
    version: str
    digest: str


class Profile(Part):
    """One Istio version: what it ran on, and its cells."""

    name: str
    istio: str
    result: Result
    """The worst of its cells."""
    summary: str
    statistics: dict[Result, int]
    """Counts of cells."""
    run: str = ""
    command: str = ""
    """What judges these cells again."""
    seconds: float = 0
    obtained_in: float = 0
    """Seconds it took to build or fetch this version, next to nothing when it was there."""
    engine: str = ""
    """Where its clusters ran: `docker` or `embedded`; empty when none did."""
    images: str = ""
    """Whose images they ran: `upstream` or `built`."""
    versions: Versions | None = None
    upstream_envoy: bool = False
    """Whether the proxies ran upstream Envoy, without Istio's own extensions."""
    digests: dict[str, str] = Field(default_factory=dict)
    """Images and their `sha256:` digests; empty where nodes pull official images."""
    tools: tuple[Tool, ...] = ()
    cells: tuple[Cell, ...]


class Implementation(Part):
    """What is qualified."""

    organization: str = "istio"
    project: str = "istio"
    url: str = "https://istio.io"
    versions: tuple[str, ...]


class Meshproof(Part):
    """What qualified it."""

    version: str
    commit: str = ""


class QualificationReport(Part):
    """What a release is qualified for."""

    api_version: Literal["meshproof.dev/v1alpha1"] = "meshproof.dev/v1alpha1"
    kind: Literal["QualificationReport"] = "QualificationReport"
    title: str
    date: datetime
    seconds: float
    implementation: Implementation
    meshproof: Meshproof
    host: dict[str, str]
    result: Result
    """The worst of all cells."""
    exit_code: int
    statistics: dict[Result, int]
    """Counts of cells."""
    interruption: str = ""
    """What stopped it before its end; the cells that it did not come to are inconclusive."""
    profiles: tuple[Profile, ...]

    @property
    def cells(self) -> dict[tuple[str, str], Cell]:
        """Every cell, by Istio version and topology."""
        return {
            (profile.istio, cell.topology): cell
            for profile in self.profiles
            for cell in profile.cells
        }
