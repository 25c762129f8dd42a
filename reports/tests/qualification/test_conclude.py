import pytest

from harness.errors import ExitCode
from reports.compose import compose
from reports.qualification.conclude import exit_code, profile, told, unjudged, worst
from reports.qualification.model import Result
from reports.tests.qualification.documents import cell, istio, qualified
from reports.tests.records import PRIMARY_REMOTE, ending, facts, ran_all, reached, replies

PASS, FAIL = Result.PASS, Result.FAIL
UNAVAILABLE, INAPPLICABLE = Result.UNAVAILABLE, Result.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([PASS, PASS], ExitCode.PASSED),
        ([PASS, INAPPLICABLE], ExitCode.PASSED),
        ([PASS, UNAVAILABLE], ExitCode.INCONCLUSIVE),
        ([PASS, Result.INCONCLUSIVE], ExitCode.INCONCLUSIVE),
        ([INAPPLICABLE, UNAVAILABLE], ExitCode.INCONCLUSIVE),
        ([PASS, FAIL, UNAVAILABLE], ExitCode.MESH_FAILED),
        ([INAPPLICABLE], ExitCode.NOTHING_RAN),
        ([], ExitCode.NOTHING_RAN),
    ],
    ids=lambda value: "-".join(value) or "none" if isinstance(value, list) else None,
)
def test_a_matrix_ends_as_its_worst_cell_does(results: list[Result], code: ExitCode) -> None:
    """A fail decides; what could not be had or told never counts as a pass."""
    assert exit_code(results) == code


def test_a_matrix_that_was_stopped_is_interrupted() -> None:
    """Whatever its cells are."""
    assert exit_code([PASS, FAIL], stopped=True) == ExitCode.INTERRUPTED


def test_the_worst_of_cells_is_the_profiles_result() -> None:
    """A topology that does not apply takes nothing from those that pass; no cells show nothing."""
    assert worst([PASS, INAPPLICABLE]) is PASS
    assert worst([PASS, UNAVAILABLE, FAIL]) is FAIL
    assert worst([]) is Result.INCONCLUSIVE


def test_counts_are_told_without_noughts() -> None:
    """In a fixed order."""
    assert told([UNAVAILABLE, PASS, PASS]) == "2 passed, 1 unavailable"
    assert told([]) == "no cells"


def test_a_profile_says_what_its_run_ran_on() -> None:
    """Engine, images, versions and digests are those of the record."""
    well = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
    report = compose(facts(), [well], ran_all(well), ending())
    found = profile("1.31.2", [cell("mixed")], report, run="reports/runs/r1")

    assert (found.engine, found.images) == ("embedded", "built")
    assert (found.versions, found.digests) == (report.versions, report.digests)
    assert (found.name, found.result, found.summary) == ("istio-1.31.2", PASS, "1 passed")


def test_a_cell_without_a_mesh_says_why() -> None:
    """It has counted nothing and names no run."""
    found = unjudged(PRIMARY_REMOTE, UNAVAILABLE, "no registry has it")

    assert (found.topology, found.title) == (PRIMARY_REMOTE.name, PRIMARY_REMOTE.title)
    assert (found.result, found.reason, found.run) == (UNAVAILABLE, "no registry has it", "")


def test_a_document_counts_all_cells() -> None:
    """Over all versions, with the worst of them as its result."""
    report = qualified(
        istio("1.31.0", cell("a"), cell("b", FAIL, "why", "x")), istio("1.29.2", cell("a"))
    )

    assert (report.result, report.exit_code) == (FAIL, 1)
    assert report.statistics[PASS] == 2
    assert report.statistics[UNAVAILABLE] == 0
    assert report.implementation.versions == ("1.31.0", "1.29.2")
    assert list(report.cells) == [("1.31.0", "a"), ("1.31.0", "b"), ("1.29.2", "a")]
