"""Steps as a drawing: a lane for each cluster, time to the right, a wire for each need.

A wire that passes a column has a place of its own in it, so that none runs through a card; needs
that follow from others are not drawn. The same steps are drawn the same each time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
import re
from statistics import fmean

CARD, GUTTER, LABEL, LINE = 186, 46, 30, 15
"""Widths of a card and of the room between two columns; heights of a lane's label and of a line."""
BROAD = 26
"""Characters that a line of a card holds, in a font of 12 px."""
PAD, SPACE, THIN = 8, 10, 6
"""Above and below words in a card; between two things of a lane; the room a passing wire takes."""


@dataclass(frozen=True, slots=True)
class Need:
    """A step: what it says, whose cluster it changes, what it builds, and what it comes after."""

    name: str
    cluster: str
    layer: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One step where it is drawn; `x` and `y` are its upper left corner."""

    need: Need
    lines: tuple[str, ...]
    x: float
    y: float
    height: float

    @property
    def waits(self) -> bool:
        """Whether it only awaits what another brings about."""
        return self.need.name.startswith("await ")


@dataclass(frozen=True, slots=True)
class Lane:
    """One cluster's share of the height."""

    name: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Flow:
    """All that a template needs, in user units; wires are paths."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    cards: tuple[Card, ...]
    wires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a column: a step's own, or where the wires to a lane's later steps pass."""

    step: str
    lane: str
    column: int
    passes: bool = False


def flow(needs: Sequence[Need]) -> Flow:
    """Return the drawing of these steps, each of which comes after those it needs."""
    return _Layout({need.name: need for need in needs}).flow()


def direct(needs: Mapping[str, Need]) -> dict[str, tuple[str, ...]]:
    """Return for each step those it comes after that follow from no other of them."""
    before: dict[str, set[str]] = {}
    for name, need in needs.items():
        before[name] = set(need.after).union(*(before[each] for each in need.after))
    return {
        name: tuple(each for each in need.after if all(each not in before[o] for o in need.after))
        for name, need in needs.items()
    }


def broken(words: str) -> tuple[str, ...]:
    """Return the words in lines that a card holds, broken at spaces and behind hyphens."""
    lines = [""]
    for piece in re.findall(rf"\s*(?:[^\s-]{{1,{BROAD - 1}}}-?|-)", words):
        if len(lines[-1] + piece) > BROAD:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return tuple(lines)


class _Layout:
    """Places in columns and lanes, and the wires from place to place."""

    def __init__(self, needs: Mapping[str, Need]) -> None:
        self.needs = needs
        self.column: dict[str, int] = {}
        for name, need in needs.items():
            self.column[name] = max((self.column[each] + 1 for each in need.after), default=0)
        self.lanes = tuple(dict.fromkeys(need.cluster for need in needs.values()))
        self.joints: dict[tuple[Spot, Spot], None] = {}
        for name, after in direct(needs).items():
            for each in after:
                self.joints.update(dict.fromkeys(pairwise(self._way(each, name))))
        self.spots = self._ordered()

    def _own(self, name: str) -> Spot:
        return Spot(name, self.needs[name].cluster, self.column[name])

    def _way(self, first: str, last: str) -> Iterator[Spot]:
        lane = self.needs[last].cluster
        yield self._own(first)
        for column in range(self.column[first] + 1, self.column[last]):
            yield Spot(first, lane, column, passes=True)
        yield self._own(last)

    def _ordered(self) -> dict[tuple[str, int], list[Spot]]:
        """Sort what shares a lane and a column by what it is joined to, so that few wires cross."""
        every = [*map(self._own, self.needs), *(end for joint in self.joints for end in joint)]
        spots: dict[tuple[str, int], list[Spot]] = {}
        for spot in dict.fromkeys(every):
            spots.setdefault((spot.lane, spot.column), []).append(spot)
        for turn in range(8):
            place = {
                spot: self.lanes.index(spot.lane) + (n + 1) / (len(row) + 1)
                for row in spots.values()
                for n, spot in enumerate(row)
            }
            ends: dict[Spot, list[float]] = {}
            for left, right in self.joints:
                near, far = (right, left) if turn % 2 == 0 else (left, right)
                ends.setdefault(near, []).append(place[far])
            for row in spots.values():
                row.sort(key=lambda spot: fmean(ends.get(spot, [place[spot]])))
        return spots

    @cached_property
    def lines(self) -> dict[str, tuple[str, ...]]:
        """The words of each step's card."""
        return {name: broken(name) for name in self.needs}

    def _tall(self, spot: Spot) -> float:
        return THIN if spot.passes else 2 * PAD + LINE * len(self.lines[spot.step])

    def flow(self) -> Flow:
        """Return the drawing."""
        heights = {
            lane: max(
                sum(self._tall(spot) + SPACE for spot in row) + SPACE
                for (other, _), row in self.spots.items()
                if other == lane
            )
            for lane in self.lanes
        }
        lanes, y = [], 0.0
        for name in self.lanes:
            lanes.append(Lane(name, y, heights[name] + LABEL))
            y += heights[name] + LABEL + SPACE
        tops = self._placed({lane.name: lane.y + LABEL for lane in lanes}, heights)
        cards = tuple(
            Card(need, self.lines[name], self._x(spot), tops[spot], self._tall(spot))
            for name, need in self.needs.items()
            for spot in [self._own(name)]
        )
        columns = 1 + max(self.column.values(), default=0)
        return Flow(
            width=columns * CARD + (columns + 1) * GUTTER,
            height=y - SPACE,
            lanes=tuple(lanes),
            cards=cards,
            wires=tuple(self._wires(tops)),
        )

    def _x(self, spot: Spot) -> float:
        return GUTTER + spot.column * (CARD + GUTTER)

    def _placed(self, starts: dict[str, float], heights: dict[str, float]) -> dict[Spot, float]:
        """Return each spot's upper edge: beside what it is joined to, where there is room."""
        tops = {spot: starts[spot.lane] for row in self.spots.values() for spot in row}
        for turn in range(6):
            ends: dict[Spot, list[float]] = {}
            for left, right in self.joints:
                near, far = (right, left) if turn % 2 == 0 else (left, right)
                ends.setdefault(near, []).append(tops[far] + self._tall(far) / 2)
            for (lane, _), row in self.spots.items():
                floor = starts[lane]
                for spot in row:
                    tall = self._tall(spot)
                    wished = fmean(ends[spot]) - tall / 2 if spot in ends else tops[spot]
                    tops[spot] = max(wished, floor)
                    floor = tops[spot] + tall + SPACE
                ceiling = starts[lane] + heights[lane]
                for spot in reversed(row):
                    tops[spot] = min(tops[spot], ceiling - self._tall(spot) - SPACE)
                    ceiling = tops[spot]
        return tops

    def _wires(self, tops: dict[Spot, float]) -> Iterator[str]:
        for left, right in self.joints:
            start, end = (tops[spot] + self._tall(spot) / 2 for spot in (left, right))
            x, last = self._x(left) + CARD, self._x(right)
            bend = (x + last) / 2
            along = f"M{x - CARD:g} {start:g}H{x:g}" if left.passes else f"M{x:g} {start:g}"
            yield f"{along}C{bend:g} {start:g} {bend:g} {end:g} {last:g} {end:g}"
