"""The traffic matrix of one topology: who answered whom, as the claims about it were judged.

It reads verdicts and counts replies; it decides nothing. Claims of a test that breaks the mesh
on purpose are not in it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeGuard

from harness.observation import HttpReply, Observation, Unseen
from harness.verdict import Outcome
from reports.report import Claim, TopologyAccount

CHECK = "reach:answered_by_exactly"
OK = 200
CLIENT = "sleep"


class Mark(StrEnum):
    """What a cell says, from least to worst."""

    UNTESTED = "·"
    REACHED = "√"
    UNKNOWN = "?"
    FAILED = "\N{MULTIPLICATION SIGN}"

    @property
    def word(self) -> str:
        """The mark in words."""
        return self.name.lower()


@dataclass(slots=True)
class Cell:
    """One source and one target: the worst mark, replies counted, the claims behind it."""

    mark: Mark = Mark.UNTESTED
    replies: int = 0
    claims: list[str] = field(default_factory=list)

    def add(self, mark: Mark, replies: int, claim: str) -> None:
        """Take in what one claim says of this cell."""
        marks = list(Mark)
        self.mark = max(self.mark, mark, key=marks.index)
        self.replies += replies
        self.claims.append(claim)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells by source and target cluster, and by source the calls that nobody answered with 200."""

    clusters: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    lost: dict[str, Cell]

    @property
    def tried(self) -> bool:
        """Whether any claim is behind it."""
        return any(cell.claims for cell in (*self.cells.values(), *self.lost.values()))


def matrix(account: TopologyAccount) -> Matrix:
    """Return the matrix of the topology's claims about traffic."""
    names = account.topology.names if account.topology else ()
    table = Matrix(
        names,
        {(source, target): Cell() for source in names for target in names},
        {source: Cell() for source in names},
    )
    broken = {claim.test for claim in account.claims if claim.fault or claim.wanted == "fail"}
    for claim in account.claims:
        if claim.check == CHECK and claim.test not in broken:
            for source in _sources(claim):
                _enter(table, claim, source)
    return table


def _sources(claim: Claim) -> tuple[str, ...]:
    seen = [
        each.source for each in claim.evidence.distinct if isinstance(each, Unseen) or _counts(each)
    ]
    return tuple(dict.fromkeys(seen))


def _counts(observation: Observation) -> TypeGuard[HttpReply]:
    """Whether it is a call of the mesh's own client; one outside the mesh says nothing here."""
    return isinstance(observation, HttpReply) and observation.client == CLIENT


def _enter(table: Matrix, claim: Claim, source: str) -> None:
    if source not in table.lost:
        return
    wanted = set(claim.params.get("clusters", ()))
    answered = dict.fromkeys(table.clusters, 0)
    lost = 0
    for reply, times in claim.evidence.counted:
        if not _counts(reply) or reply.source != source:
            continue
        if reply.status == OK and reply.cluster in answered:
            answered[reply.cluster] += times
        else:
            lost += times
    for target, replies in answered.items():
        if target in wanted or replies:
            mark = _mark(claim.outcome, target in wanted, replies)
            table.cells[source, target].add(mark, replies, claim.id)
    if lost:
        inconclusive = claim.outcome is Outcome.INCONCLUSIVE
        table.lost[source].add(Mark.UNKNOWN if inconclusive else Mark.FAILED, lost, claim.id)


def _mark(outcome: Outcome, wanted: bool, replies: int) -> Mark:
    match outcome:
        case Outcome.PASS:
            return Mark.REACHED
        case Outcome.INCONCLUSIVE:
            return Mark.UNKNOWN
        case Outcome.FAIL:
            return Mark.REACHED if wanted and replies else Mark.FAILED
