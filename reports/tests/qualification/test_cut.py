from collections.abc import Sequence

import pytest

from harness.errors import ExitCode
from harness.record import Record
from reports.compose import compose
from reports.qualification.cut import cell, cut
from reports.qualification.model import Cell, Result
from reports.report import Cause, Ran, Report, RunVerdict, TestRun
from reports.tests.records import (
    MULTI_PRIMARY,
    PRIMARY_REMOTE,
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

WELL = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
ILL = reached("cluster1", no_answer("cluster1", 21), topology=MULTI_PRIMARY)
UNSEEN = reached("cluster1", unseen("cluster1"), topology=MULTI_PRIMARY)
BOTH = (PRIMARY_REMOTE, MULTI_PRIMARY)


def run(records: Sequence[Record], tests: Sequence[TestRun], status: int = 1) -> Report:
    """Return the record of a run of two topologies."""
    known = facts()
    return compose(facts(known.folder, *BOTH), records, tests, ending(status))


def of(report: Report, name: str = MULTI_PRIMARY.name) -> Cell:
    """Return the cell of a topology."""
    return cell(report, name, title="Some title", run="reports/runs/r1")


def test_each_topology_is_judged_by_itself() -> None:
    """One that failed takes nothing from the other, and the whole run's verdict stays as it was."""
    report = run([set_up(), skipped(), WELL, ILL], ran_all(WELL, ILL))

    well, ill = of(report, PRIMARY_REMOTE.name), of(report)
    assert (well.result, ill.result) == (Result.PASS, Result.FAIL)
    assert report.verdict is RunVerdict.FAIL
    assert well.reason == "1 held, 1 not applicable"
    assert (well.statistics.passed, well.statistics.skipped) == (1, 1)
    assert (ill.statistics.passed, ill.statistics.failed) == (0, 1)
    assert ill.failed_claims == ("sleep is answered (cluster1)",)
    assert ill.reason == "sleep is answered (cluster1): a call was not answered: status 503"
    assert (well.title, well.run) == ("Some title", "reports/runs/r1")
    assert well.seconds == pytest.approx(29.4)


def test_what_could_not_be_seen_is_inconclusive() -> None:
    """And named apart from what failed."""
    found = of(run([WELL, UNSEEN], ran_all(WELL, UNSEEN)))

    assert (found.result, found.failed_claims) == (Result.INCONCLUSIVE, ())
    assert found.inconclusive_claims == ("sleep is answered (cluster1)",)
    assert found.reason.startswith("it could not be told whether the mesh holds: ")


def test_a_mesh_that_does_not_come_up_fails() -> None:
    """Its claims are counted as not tested, and the reason is the step that broke."""
    broken = set_up(MULTI_PRIMARY, error="pods of istiod: 0 of 1 ready")
    cause = Cause(phase="setup", type="ProvisioningError", message=broken.error, exit_code=1)
    test = ran(node_id("answered", topology=MULTI_PRIMARY), Ran.ERROR, cause)
    found = of(run([WELL, broken], [*ran_all(WELL), test]))

    assert (found.result, found.statistics.untested) == (Result.FAIL, 1)
    assert "first broken step: install the primary cluster1" in found.reason


def test_a_bench_that_broke_says_nothing_of_the_mesh() -> None:
    """It is inconclusive, with the blame in its reason."""
    cause = Cause(phase="setup", type="HostError", message="no disk", exit_code=ExitCode.HOST)
    test = ran(node_id("answered", topology=MULTI_PRIMARY), Ran.ERROR, cause)
    report = run([WELL], [*ran_all(WELL), test])

    assert of(report, PRIMARY_REMOTE.name).result is Result.PASS
    assert of(report).result is Result.INCONCLUSIVE
    assert of(report).reason.startswith("the environment failed: nothing is said against the mesh")


def test_a_bug_of_ours_says_nothing_of_the_mesh() -> None:
    """Claims that held beside it are no pass."""
    well = reached("cluster2", replies("cluster2", "cluster1", "cluster2"), topology=MULTI_PRIMARY)
    cause = Cause(phase="call", type="KeyError", message="x")
    test = ran(node_id("answered", topology=MULTI_PRIMARY), Ran.ERROR, cause)
    found = of(run([well], [*ran_all(well), test]))

    assert (found.result, found.statistics.passed) == (Result.INCONCLUSIVE, 1)
    assert found.reason.startswith("meshproof itself failed")


def test_what_ended_before_the_run_was_stopped_stands() -> None:
    """What had begun and what had not are inconclusive."""
    late = ran(node_id("answered", topology=MULTI_PRIMARY), Ran.NOT_RUN)
    report = run([WELL], [*ran_all(WELL), late], status=ExitCode.INTERRUPTED)

    assert of(report, PRIMARY_REMOTE.name).result is Result.PASS
    assert of(report).result is Result.INCONCLUSIVE
    assert of(report).statistics.untested == 1
    assert of(report).reason == "the run was stopped before its end"


def test_a_file_that_cannot_be_collected_counts_for_every_topology() -> None:
    """Nobody knows which claims it has kept away."""
    file = TestRun(id="scenarios/test_dns.py", outcome=Ran.ERROR, seconds=0, text="SyntaxError")
    report = run([WELL], [*ran_all(WELL), file])

    assert of(report, PRIMARY_REMOTE.name).result is Result.INCONCLUSIVE


@pytest.mark.parametrize("status", [ExitCode.USAGE, ExitCode.NOTHING_RAN, 3])
def test_a_run_that_did_not_come_to_its_end_is_no_pass(status: int) -> None:
    """Whatever pytest broke off for, the claims it did judge do not make a cell green."""
    assert of(run([WELL], ran_all(WELL), status), PRIMARY_REMOTE.name).result is not Result.PASS


def test_a_topology_of_which_nothing_ran_is_inconclusive() -> None:
    """Nothing was shown, so nothing is claimed."""
    found = of(run([WELL], ran_all(WELL)))

    assert found.result is Result.INCONCLUSIVE
    assert "nothing was tried" in found.reason


def test_a_cut_of_the_only_topology_is_the_run_itself() -> None:
    """Its verdict, its totals and its exit code are the run's own."""
    for status, record in enumerate((WELL, reached("cluster1", no_answer("cluster1", 21)))):
        report = compose(facts(), [set_up(), record], ran_all(record), ending(status))

        assert cut(report, PRIMARY_REMOTE.name) == report
