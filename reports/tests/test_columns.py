from reports.columns import Columns, Need, direct
from reports.flow import flow


def four(*pairs: tuple[str, str]) -> dict[str, Need]:
    """Return the steps a to d with these needs."""
    return {
        name: Need(name, "c", "mesh", tuple(first for first, last in pairs if last == name))
        for name in "abcd"
    }


def test_a_need_that_follows_from_others_is_not_drawn() -> None:
    """Of a before b before c, that a is before c need not be said."""
    steps = four(("a", "b"), ("b", "c"), ("a", "c"), ("a", "d"))

    assert direct(steps) == {"a": (), "b": ("a",), "c": ("b",), "d": ("a",)}


def test_a_wire_has_a_place_in_every_column_that_it_passes() -> None:
    """It goes from neighbour to neighbour, and no column is left out."""
    columns = Columns(four(("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")))
    far = Columns(four(("a", "b"), ("b", "d"), ("c", "d")))

    assert columns.count == 4
    assert all(right.column == left.column + 1 for left, right in columns.joints)
    passing = [spot for row in far.rows.values() for spot in row if spot.passes]
    assert [(spot.step, spot.column) for spot in passing] == [("c", 1)]


def test_the_same_steps_are_drawn_the_same() -> None:
    """Nothing random is in the layout."""
    steps = tuple(four(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")).values())

    assert flow(steps) == flow(steps)
