"""Cells from the record of one run: each topology judged by itself, as the run was as a whole."""

from collections.abc import Iterable

from harness.errors import ExitCode
from harness.verdict import Outcome
from reports.compose import totals
from reports.exits import RANKED, exit_code, verdict_of
from reports.failures import failures, first_line
from reports.names import sentence
from reports.qualification.model import Cell, Result, Statistics
from reports.report import Claim, Ran, Report, RunVerdict, TopologyAccount
from reports.words import counted
from reports.words import sentence as in_words

_RESULTS = {RunVerdict.PASS: Result.PASS, RunVerdict.FAIL: Result.FAIL}
_RED = (Ran.FAILED, Ran.ERROR)
_ENDED = (*RANKED, ExitCode.INTERRUPTED)
"""Codes of runs whose tests tell all: those that a stopped run did not come to are `not-run`."""


def cut(report: Report, name: str) -> Report:
    """Return the record of one topology alone, with the verdict that it would have had.

    A test that belongs to no topology counts for each: who knows which claims it has kept away.
    """
    accounts = tuple(each for each in report.topologies if each.name == name)
    tests = tuple(each for each in report.tests if each.topology in ("", name))
    status = report.exit_code
    if status in _ENDED and status != ExitCode.USAGE:
        status = int(any(test.outcome in _RED for test in tests))
    code = exit_code(status, accounts, tests)
    return report.model_copy(
        update={
            "topologies": accounts,
            "tests": tests,
            "totals": totals(accounts, tests),
            "exit_code": code,
            "verdict": verdict_of(code),
        }
    )


def cell(report: Report, name: str, *, title: str, run: str) -> Cell:
    """Return what the run says of one topology.

    A bench that broke and a bug of ours are inconclusive: nothing was shown, either way.
    """
    ours = cut(report, name)
    unmet = [claim for claim in ours.claims if not claim.as_wanted]
    return Cell(
        topology=name,
        title=title,
        result=_RESULTS.get(ours.verdict, Result.INCONCLUSIVE),
        reason=_reason(ours, report),
        statistics=Statistics(
            passed=ours.totals.held + ours.totals.caught,
            failed=ours.totals.failed + ours.totals.missed,
            skipped=ours.totals.not_applicable,
            inconclusive=ours.totals.inconclusive,
            untested=ours.totals.untested,
        ),
        failed_claims=_named(each for each in unmet if each.outcome is not Outcome.INCONCLUSIVE),
        inconclusive_claims=_named(each for each in unmet if each.outcome is Outcome.INCONCLUSIVE),
        seconds=round(sum(map(_seconds, ours.topologies)), 1),
        run=run,
    )


def _named(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence(claim.test) for claim in claims))


def _reason(ours: Report, whole: Report) -> str:
    if ours.verdict is RunVerdict.PASS:
        return counted(ours)
    found = failures(ours)
    # what decides the result is told first; of equals, what came first
    worst = max(found, key=lambda each: RANKED.index(each.code), default=None)
    if worst is None:
        stopped = whole.verdict is RunVerdict.INTERRUPTED
        return in_words(whole) if stopped else first_line(ours.run.interruption) or in_words(ours)
    more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
    blamed = "" if ours.verdict in _RESULTS else f"{in_words(ours)}: "
    return f"{blamed}{worst.title}: {worst.reason}{more}"


def _seconds(account: TopologyAccount) -> float:
    provisions = sum(each.seconds for each in account.provisions)
    return provisions + sum(claim.seconds for claim in account.claims)
