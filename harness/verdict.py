"""What a check concludes: an outcome, why, and the observations it rests on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.errors import HarnessError
from harness.observation import Observation, Unseen
from harness.topology import Topology


class Outcome(StrEnum):
    """Ranked: fail over inconclusive over pass."""

    PASS = "pass"  # noqa: S105  # an outcome, not a password
    INCONCLUSIVE = "inconclusive"
    FAIL = "fail"

    @property
    def rank(self) -> int:
        """0 for pass, 1 for inconclusive, 2 for fail."""
        return list(Outcome).index(self)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the highest-ranked outcome; of none at all, inconclusive: nothing was shown."""
    return max(outcomes, key=lambda outcome: outcome.rank, default=Outcome.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claim judged: `expected` and `got` in words; never a pass without evidence."""

    outcome: Outcome
    reason: str
    evidence: tuple[Observation, ...]
    expected: str = ""
    got: str = ""

    def __post_init__(self) -> None:
        if self.outcome is Outcome.PASS and not self.evidence:
            raise HarnessError(f"a pass needs evidence: {self.reason}")


Check = Callable[[Topology, Sequence[Observation]], Verdict]
"""A pure function named as a claim; one with parameters is given as a `functools.partial`."""


def passed(evidence: Sequence[Observation], reason: str) -> Verdict:
    """Return a pass that rests on the evidence."""
    return Verdict(Outcome.PASS, reason, tuple(evidence))


def failed(evidence: Sequence[Observation], reason: str, *, expected: str, got: str) -> Verdict:
    """Return a fail, with what was expected and what was got."""
    return Verdict(Outcome.FAIL, reason, tuple(evidence), expected, got)


def inconclusive(evidence: Sequence[Observation], reason: str) -> Verdict:
    """Return 'we cannot tell', and why."""
    return Verdict(Outcome.INCONCLUSIVE, reason, tuple(evidence))


def unseen(observations: Sequence[Observation]) -> Verdict | None:
    """Return an inconclusive verdict if nothing was seen or some questions could not be put."""
    lost = [each for each in observations if isinstance(each, Unseen)]
    if lost:
        return inconclusive(observations, f"could not look: {lost[0].question}: {lost[0].reason}")
    if not observations:
        return inconclusive(observations, "nothing was seen")
    return None
