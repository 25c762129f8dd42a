"""Claims as a page shows them: those of one test that say the same stand under one heading.

What they share is said once, and evidence that an earlier claim has shown already is not repeated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.names import about, words
from reports.report import Claim
from reports.sight import sights

LONG = 160
"""Characters of evidence that are worth a link in their place."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One claim; `about` tells it from others of its family, `same` is who has shown its evidence.

    `about` may be empty, where the family is one claim or a test makes several.
    """

    claim: Claim
    about: str
    lines: tuple[str, ...]
    same: Claim | None


@dataclass(frozen=True, slots=True)
class Family:
    """Claims of one test function, judged by the same check in the same words."""

    words: str
    claim: str
    check: str
    members: tuple[Shown, ...]


def families(claims: Iterable[Claim]) -> tuple[Family, ...]:
    """Return the claims in families, in the order in which the first of each came."""
    found: dict[tuple[str, str, str], list[Shown]] = {}
    for shown in _shown(claims):
        claim = shown.claim
        found.setdefault((words(claim.test), claim.claim, claim.check), []).append(shown)
    return tuple(Family(*key, tuple(members)) for key, members in found.items())


def _shown(claims: Iterable[Claim]) -> Iterator[Shown]:
    before: dict[tuple[str, ...], Claim] = {}
    for claim in claims:
        lines = tuple(sights(claim.evidence.counted))
        same = before.setdefault(lines, claim)
        long = sum(map(len, lines)) > LONG
        yield Shown(claim, about(claim.test), lines, same if same is not claim and long else None)
