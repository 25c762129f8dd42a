from harness.record import ClaimRecord
from reports.compose import compose
from reports.matrix import Mark, Matrix, matrix
from reports.tests.records import (
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
    set_up,
    unseen,
)


def of(*claims: ClaimRecord) -> Matrix:
    """Return the matrix of these claims."""
    report = compose(facts(), [set_up(), *claims], ran_all(*claims), ending())
    return matrix(report.topologies[0])


def marks(table: Matrix, source: str = "cluster1") -> list[str]:
    """Return the marks and counts of one row."""
    cells = [table.cells[source, target] for target in table.clusters]
    return [f"{cell.mark}{cell.replies}" for cell in cells]


def test_clusters_that_answered_are_reached_with_their_counts() -> None:
    """Both cells of the row are marked, the row nobody tried is not."""
    table = of(reached("cluster1", replies("cluster1", "cluster1", "cluster2", times=22)))

    assert marks(table) == ["√11", "√11"]
    assert marks(table, "cluster2") == ["·0", "·0"]


def test_a_cluster_that_never_answered_is_the_one_marked() -> None:
    """The other one did its part."""
    assert marks(of(reached("cluster1", replies("cluster1", "cluster1")))) == [
        "√21",
        f"{Mark.FAILED}0",
    ]


def test_a_cluster_that_answered_and_should_not_is_marked() -> None:
    """An answer from outside the set is a failure of that cell."""
    claim = reached("cluster1", replies("cluster1", "cluster1", "cluster2"), wanted=("cluster1",))

    assert marks(of(claim)) == ["√11", f"{Mark.FAILED}10"]


def test_calls_that_nobody_answered_are_counted_by_source() -> None:
    """They belong to no target."""
    table = of(reached("cluster1", no_answer("cluster1", 21)))

    assert (table.lost["cluster1"].mark, table.lost["cluster1"].replies) == (Mark.FAILED, 21)


def test_a_look_that_was_lost_is_unknown_and_not_failed() -> None:
    """Nothing is known of either cell."""
    assert marks(of(reached("cluster1", unseen("cluster1")))) == ["?0", "?0"]


def test_the_worst_of_several_claims_shows() -> None:
    """A cell that failed once is failed; counts are summed."""
    well = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
    ill = reached("cluster1", replies("cluster1", "cluster1"), name="other")

    assert marks(of(well, ill)) == ["√32", f"{Mark.FAILED}10"]


def test_claims_under_a_fault_are_left_out() -> None:
    """A mesh broken on purpose says nothing of the whole one."""
    claim = reached("cluster1", no_answer("cluster1"), fault="gateway down", outcome="fail")

    assert not of(claim).tried


def test_calls_from_outside_the_mesh_are_left_out() -> None:
    """A client without a sidecar has claims of its own."""
    seen = replies("cluster1", "cluster1", client="plain")

    assert not of(reached("cluster1", seen, wanted=("cluster1",))).tried
