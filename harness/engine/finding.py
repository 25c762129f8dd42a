"""Finding: one thing that was looked at on this machine, and how a list of them reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class Mark(StrEnum):
    """How a finding is to be taken: `bad` stops a run."""

    OK = "√"
    WARN = "‼"
    BAD = "×"  # noqa: RUF001  # the grammar of Linkerd's check


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `cause` says what is wrong and `hint` the way out of it."""

    category: str
    mark: Mark
    title: str
    cause: str = ""
    hint: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.title, self.cause, self.hint) if part)


def bad(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what stops a run, each in one line: the problems of a HostError."""
    return tuple(str(finding) for finding in findings if finding.mark is Mark.BAD)


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the findings as plain text, under a header for each category."""
    told = tuple(findings)
    for category, members in groupby(told, key=lambda finding: finding.category):
        yield from (category, "-" * len(category))
        for finding in members:
            yield f"{finding.mark} {finding.title}"
            yield from (f"    {text}" for text in (finding.cause,) if text)
            yield from (f"    hint: {text}" for text in (finding.hint,) if text)
        yield ""
    worst = max(told, key=lambda finding: list(Mark).index(finding.mark)).mark
    yield f"Status check results are {Mark.BAD if worst is Mark.BAD else Mark.OK}"
