import pytest

from harness.errors import ExitCode
from harness.record import NotApplicable, Record
from reports.compose import compose
from reports.exits import verdict_of
from reports.report import Cause, Ran, Report, RunVerdict, TestRun
from reports.tests.records import (
    ending,
    facts,
    no_answer,
    node_id,
    ran,
    ran_all,
    reached,
    replies,
    set_up,
    skipped,
    unseen,
)

HELD = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
FAILED = reached("cluster2", no_answer("cluster2", 21))
UNKNOWN = reached("cluster2", unseen("cluster2"), name="unknown")
CAUGHT = reached("cluster1", no_answer("cluster1"), fault="gateway down", outcome="fail")
MISSED = reached(
    "cluster1", replies("cluster1", "cluster1", "cluster2"), fault="gateway down", outcome="fail"
)


def code(records: list[Record], tests: list[TestRun], status: int = 1) -> int:
    """Return the exit code of a run."""
    return report(records, tests, status).exit_code


def report(records: list[Record], tests: list[TestRun], status: int = 1) -> Report:
    """Return the report of a run."""
    return compose(facts(), records, tests, ending(status))


def error(exit_code: int | None, phase: str = "setup") -> TestRun:
    """Return a test that ended in an exception."""
    cause = Cause.model_validate(
        {"phase": phase, "type": "Some", "message": "words", "exit_code": exit_code}
    )
    return ran(node_id("broken"), Ran.FAILED if phase == "call" else Ran.ERROR, cause)


def test_every_claim_held_is_0() -> None:
    """A run whose claims all held passes."""
    assert code([set_up(), HELD], ran_all(HELD), 0) == 0


def test_a_fault_that_was_caught_is_0() -> None:
    """A claim that had to fail, and failed, is as wanted."""
    assert code([HELD, CAUGHT], ran_all(HELD, CAUGHT), 0) == 0


def test_a_claim_that_failed_is_1() -> None:
    """The mesh failed."""
    assert code([HELD, FAILED], ran_all(HELD, FAILED)) == ExitCode.MESH_FAILED


def test_a_claim_that_could_not_be_judged_is_11() -> None:
    """A lost look is neither pass nor fail."""
    assert code([HELD, UNKNOWN], ran_all(HELD, UNKNOWN)) == ExitCode.INCONCLUSIVE


def test_a_fault_that_was_missed_is_12() -> None:
    """A check that passes under the fault it must catch is meshproof's own bug."""
    assert code([HELD, MISSED], ran_all(HELD, MISSED)) == ExitCode.BUG


def test_failed_outranks_inconclusive() -> None:
    """What was seen to fail is said before what could not be seen."""
    assert code([FAILED, UNKNOWN], ran_all(FAILED, UNKNOWN)) == ExitCode.MESH_FAILED


def test_a_host_error_outranks_a_failed_mesh() -> None:
    """A machine that lacks something explains a mesh that failed on it."""
    tests = [*ran_all(FAILED), error(ExitCode.HOST)]

    assert code([FAILED], tests) == ExitCode.HOST


def test_an_unexpected_exception_outranks_all() -> None:
    """An exception that nobody meant to raise puts every verdict in doubt."""
    tests = [*ran_all(FAILED), error(ExitCode.HOST), error(None)]

    assert code([FAILED], tests) == ExitCode.BUG


def test_a_failed_test_without_a_claim_that_says_why_is_12() -> None:
    """A test body that fails by itself is a bug of its author."""
    assert code([HELD], [*ran_all(HELD), error(None, "call")]) == ExitCode.BUG


def test_a_failed_claim_explains_its_own_test_only() -> None:
    """Pytest's failure of the test that judged the claim adds nothing to the claim."""
    explained = error(None, "call").model_copy(update={"id": FAILED.test})

    assert code([FAILED], [explained]) == ExitCode.MESH_FAILED
    assert code([FAILED], [explained, error(None, "call")]) == ExitCode.BUG


def test_a_teardown_that_crashed_is_not_explained_by_a_claim() -> None:
    """Healing that breaks is a bug, whatever was judged before it."""
    broken = error(None, "teardown").model_copy(update={"id": FAILED.test})

    assert code([FAILED], [broken]) == ExitCode.BUG


def test_a_set_up_that_broke_on_the_bench_is_10() -> None:
    """Clusters and load balancers are the environment's."""
    record = set_up()
    record = type(record)(
        topology=record.topology,
        phase="up",
        steps=(record.steps[0].__class__("create a", "a", "bench", (), 0, 1, "no", ended=False),),
        seconds=1,
        error="the mesh could not be set up\ncreate a: no",
    )

    assert code([record], [error(ExitCode.MESH_FAILED)]) == ExitCode.HOST


def test_a_set_up_that_broke_in_the_mesh_is_1() -> None:
    """Istio that does not come up is the mesh's."""
    assert code([set_up(error="3 looks")], [error(ExitCode.MESH_FAILED)]) == 1


@pytest.mark.parametrize("status", [2, 3, 4, 5, 10])
def test_what_pytest_itself_says_is_kept(status: int) -> None:
    """Interrupted, internal error, usage, nothing collected, and what `pytest.exit` was given."""
    assert code([HELD, FAILED], ran_all(HELD, FAILED), status) == status


def test_nothing_but_skipped_tests_is_5() -> None:
    """A run in which no scenario applied has not passed."""
    assert code([skipped()], [ran(node_id("crossing"), Ran.SKIPPED)], 0) == ExitCode.NOTHING_RAN


def test_passing_tests_without_a_claim_are_11() -> None:
    """Where nothing was judged, nothing was shown."""
    assert code([], [ran(node_id("idle"))], 0) == ExitCode.INCONCLUSIVE


def test_a_test_that_never_began_is_11() -> None:
    """What was selected and not run leaves the run undecided."""
    tests = [*ran_all(HELD), ran(node_id("later"), Ran.NOT_RUN)]

    assert code([HELD], tests, 0) == ExitCode.INCONCLUSIVE


def test_a_failure_that_no_test_tells_is_12() -> None:
    """Pytest says that something failed and nothing shows what: not to be trusted."""
    assert code([HELD], ran_all(HELD), 1) == ExitCode.BUG


@pytest.mark.parametrize(
    ("number", "word"), [(0, RunVerdict.PASS), (10, RunVerdict.ENVIRONMENT), (77, RunVerdict.BUG)]
)
def test_every_code_has_a_word(number: int, word: RunVerdict) -> None:
    """A code that nobody knows reads as a bug."""
    assert verdict_of(number) is word


def test_not_applicable_alone_changes_nothing() -> None:
    """What does not apply is told and not counted against the run."""
    reason = NotApplicable(node_id("x"), "primary-remote", "it needs two networks")

    assert code([HELD, reason], ran_all(HELD), 0) == 0
