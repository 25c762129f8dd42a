from itertools import combinations, pairwise
import re

from hypothesis import given, settings, strategies
import pytest

from reports.columns import Need
from reports.flow import BROAD, CARD, Card, broken, flow


@strategies.composite
def needs(draw: strategies.DrawFn) -> tuple[Need, ...]:
    """Return steps of up to five clusters, each after some of those before it."""
    found: list[Need] = []
    for number in range(draw(strategies.integers(0, 14))):
        after = draw(strategies.sets(strategies.sampled_from(found), max_size=3)) if found else ()
        name = draw(
            strategies.sampled_from(["create it", "await what has a very long name, twice"])
        )
        names = tuple(sorted(each.name for each in after))
        lane = f"cluster{draw(strategies.integers(1, 5))}"
        found.append(Need(f"{name} {number}", lane, "mesh", names))
    return tuple(found)


def apart(one: Card, other: Card) -> bool:
    """Whether two cards share no point."""
    beside = one.x + CARD < other.x or other.x + CARD < one.x
    return beside or one.y + one.height < other.y or other.y + other.height < one.y


@given(needs())
@settings(deadline=None, max_examples=60)
def test_cards_lie_apart_each_in_its_lane(steps: tuple[Need, ...]) -> None:
    """Whatever the steps are, nothing is drawn over a card or out of its cluster's lane."""
    drawing = flow(steps)
    lanes = {lane.name: lane for lane in drawing.lanes}

    assert [card.need for card in drawing.cards] == list(steps)
    assert all(apart(*pair) for pair in combinations(drawing.cards, 2))
    for card in drawing.cards:
        lane = lanes[card.need.cluster]
        assert lane.y < card.y
        assert card.y + card.height <= lane.y + lane.height <= drawing.height
        assert card.x + CARD < drawing.width
    assert all(one.y + one.height < other.y for one, other in pairwise(drawing.lanes))


@given(needs())
@settings(deadline=None, max_examples=60)
def test_a_wire_bends_only_between_columns_and_passes_beside_cards(steps: tuple[Need, ...]) -> None:
    """Where it runs along a column it is at no card's height."""
    drawing = flow(steps)

    for wire in drawing.wires:
        x, y, straight = re.match(r"M(\S+) ([^HC]+)(H?)", wire).groups()  # type: ignore[union-attr]
        column = [card for card in drawing.cards if card.x == float(x)]
        if straight:
            assert all(not card.y < float(y) < card.y + card.height for card in column)
        else:
            assert float(x) in {card.x + CARD for card in drawing.cards}


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("create east", ("create east",)),
        (
            "give east the addresses 172.18.255.239-172.18.255.254",
            ("give east the addresses", "172.18.255.239-", "172.18.255.254"),
        ),
        ("create " + "x" * 40, ("create", "x" * 25, "x" * 15)),
    ],
)
def test_words_are_broken_so_that_a_card_holds_them(words: str, lines: tuple[str, ...]) -> None:
    """At spaces and behind hyphens; within a word only where it is longer than a line."""
    assert lines == broken(words)
    assert max(map(len, broken(words))) <= BROAD
