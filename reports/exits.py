"""One exit code for a whole run: the worst of what happened, in an order that can be argued.

bug > usage > host > mesh failed > inconclusive > pass. A bug of ours puts every judgement in
doubt; a bench that broke explains a mesh that failed on it, so the machine is looked at first; a
claim that failed was seen to fail, one that is inconclusive was not. pytest's own codes, except
'all passed' and 'some failed', are kept: the run did not come to its end, so nothing better is
known.
"""

from collections.abc import Iterable, Iterator

from harness.errors import ExitCode
from harness.record import StepRecord
from harness.verdict import Outcome
from reports.report import Cause, Claim, Provision, Ran, RunVerdict, TestRun, TopologyAccount

_PASSED, _SOME_FAILED = 0, 1

RANKED = (
    ExitCode.PASSED,
    ExitCode.INCONCLUSIVE,
    ExitCode.MESH_FAILED,
    ExitCode.HOST,
    ExitCode.USAGE,
    ExitCode.BUG,
)
"""From best to worst."""

_VERDICTS = {
    ExitCode.PASSED: RunVerdict.PASS,
    ExitCode.MESH_FAILED: RunVerdict.FAIL,
    ExitCode.INCONCLUSIVE: RunVerdict.INCONCLUSIVE,
    ExitCode.HOST: RunVerdict.ENVIRONMENT,
    ExitCode.BUG: RunVerdict.BUG,
    ExitCode.INTERRUPTED: RunVerdict.INTERRUPTED,
    ExitCode.USAGE: RunVerdict.USAGE,
    ExitCode.NOTHING_RAN: RunVerdict.NOTHING_RAN,
}


def verdict_of(code: int) -> RunVerdict:
    """Return the word for an exit code; one that nobody knows is a bug."""
    return next((word for known, word in _VERDICTS.items() if known == code), RunVerdict.BUG)


def of_claim(claim: Claim) -> ExitCode:
    """Return what one claim says; a check that passes under a fault it must catch is our bug."""
    if claim.as_wanted:
        return ExitCode.PASSED
    match claim.outcome:
        case Outcome.FAIL:
            return ExitCode.MESH_FAILED
        case Outcome.INCONCLUSIVE:
            return ExitCode.INCONCLUSIVE
        case Outcome.PASS:
            return ExitCode.BUG


def broken_steps(provision: Provision) -> tuple[StepRecord, ...]:
    """Return the steps that failed, without those that were given up because others had."""
    named = [each for each in provision.steps if each.error and each.step in provision.error]
    return tuple(named or (each for each in provision.steps if each.error))


def of_provision(provision: Provision) -> ExitCode:
    """Return whom a failed set-up blames: the bench it broke on, or else the mesh.

    A teardown that failed leaves something on the machine: the environment.
    """
    if not provision.error:
        return ExitCode.PASSED
    if provision.phase == "down":
        return ExitCode.HOST
    layers = {step.layer for step in broken_steps(provision)}
    if "bench" in layers:
        return ExitCode.HOST
    return ExitCode.MESH_FAILED if layers else ExitCode.BUG


def of_test(test: TestRun, *, explained: bool) -> ExitCode:
    """Return what a test adds; `explained` when a claim of it already says why its body failed."""
    if test.outcome not in (Ran.FAILED, Ran.ERROR):
        return ExitCode.PASSED
    if not test.causes:
        return ExitCode.PASSED if explained else ExitCode.BUG
    return max((_of_cause(each, explained=explained) for each in test.causes), key=RANKED.index)


def _of_cause(cause: Cause, *, explained: bool) -> ExitCode:
    match cause.exit_code:
        case None:
            told = explained and cause.phase == "call"
            return ExitCode.PASSED if told else ExitCode.BUG
        case ExitCode.INTERRUPTED:
            return ExitCode.INCONCLUSIVE
        case code:
            return ExitCode(code) if code in RANKED else ExitCode.BUG


def exit_code(status: int, topologies: Iterable[TopologyAccount], tests: Iterable[TestRun]) -> int:
    """Return the exit code of a run that pytest itself would end with `status`.

    Nothing but skipped tests is pytest's 'nothing ran'; tests that passed without one claim have
    shown nothing and are inconclusive.
    """
    if status not in (_PASSED, _SOME_FAILED):
        return int(status)
    accounts, ran = tuple(topologies), tuple(tests)
    if all(test.outcome is Ran.SKIPPED for test in ran):
        return ExitCode.NOTHING_RAN
    return max(_codes(status, accounts, ran), key=RANKED.index)


def _codes(
    status: int, accounts: tuple[TopologyAccount, ...], tests: tuple[TestRun, ...]
) -> Iterator[ExitCode]:
    claims = [claim for account in accounts for claim in account.claims]
    unmet = {claim.test for claim in claims if not claim.as_wanted}
    yield from map(of_claim, claims)
    yield from (of_provision(each) for account in accounts for each in account.provisions)
    yield from (of_test(test, explained=test.id in unmet) for test in tests)
    yield ExitCode.PASSED if claims else ExitCode.INCONCLUSIVE
    if any(test.outcome is Ran.NOT_RUN for test in tests):
        yield ExitCode.INCONCLUSIVE
    red = {Ran.FAILED, Ran.ERROR}
    if status == _SOME_FAILED and not unmet and not any(test.outcome in red for test in tests):
        yield ExitCode.BUG
