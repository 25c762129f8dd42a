import pytest

from reports.compare import worse
from reports.qualification.changes import changes
from reports.qualification.model import Result
from reports.tests.qualification.documents import cell, istio, qualified

PASS, FAIL, UNAVAILABLE = Result.PASS, Result.FAIL, Result.UNAVAILABLE


def test_equal_documents_do_not_differ() -> None:
    """Neither red cells nor green ones are made up."""
    report = qualified(istio("1.31.0", cell("a"), cell("b", FAIL, "why", "x")))

    assert changes(report, report) == ()


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (PASS, FAIL, "red"),
        (PASS, UNAVAILABLE, "red"),
        (Result.NOT_APPLICABLE, Result.INCONCLUSIVE, "red"),
        (FAIL, PASS, "green"),
        (UNAVAILABLE, PASS, "green"),
        (FAIL, Result.INCONCLUSIVE, "changed"),
        (PASS, Result.NOT_APPLICABLE, "changed"),
    ],
)
def test_a_cell_that_turned_is_named(was: Result, now: Result, kind: str) -> None:
    """With its result and its reason before and after; only red ones are worse."""
    found = changes(
        qualified(istio("1.31.0", cell("a", was, "old"))),
        qualified(istio("1.31.0", cell("a", now, "new"))),
    )

    (change,) = found
    assert (change.kind, change.topology, change.what) == (kind, "a", "Istio 1.31.0")
    assert (change.before, change.after) == (f"{was}: old", f"{now}: new")
    assert worse(found) is (kind == "red")


def test_patches_of_one_minor_are_compared() -> None:
    """A release has other versions than the one before; what they share is their minor."""
    before = qualified(istio("1.31.0", cell("a")), istio("1.29.2", cell("a")))
    after = qualified(istio("1.31.1", cell("a", FAIL, "why", "x")), istio("1.29.2", cell("a")))

    (change,) = changes(before, after)
    assert (change.kind, change.what) == ("red", "Istio 1.31.0 → 1.31.1")


def test_patches_that_are_not_one_to_one_come_and_go() -> None:
    """Nobody knows which of two became which."""
    before = qualified(istio("1.31.0", cell("a")), istio("1.31.1", cell("a")))
    after = qualified(istio("1.31.2", cell("a")))

    assert [(each.kind, each.what) for each in changes(before, after)] == [
        ("gone", "Istio 1.31.0"),
        ("gone", "Istio 1.31.1"),
        ("new", "Istio 1.31.2"),
    ]


def test_cells_come_and_go_with_their_topologies() -> None:
    """A new one that is red at once is red, and a lost one is worse."""
    found = changes(
        qualified(istio("1.31.0", cell("a"))),
        qualified(istio("1.31.0", cell("b"), cell("c", FAIL, "why", "x"))),
    )

    assert [(each.kind, each.topology) for each in found] == [
        ("red", "c"),
        ("gone", "a"),
        ("new", "b"),
    ]
    assert found[1].after == "not in the matrix"


def test_claims_of_a_cell_that_stays_red_are_told_apart() -> None:
    """Another claim that fails is red though the cell was red before."""
    found = changes(
        qualified(istio("1.31.0", cell("a", FAIL, "why", "x"))),
        qualified(istio("1.31.0", cell("a", FAIL, "why", "y"))),
    )

    assert [(each.kind, each.what) for each in found] == [
        ("red", "Istio 1.31.0: y"),
        ("green", "Istio 1.31.0: x"),
    ]
