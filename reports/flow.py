"""Steps as a drawing: a lane for each cluster, time to the right, a wire for each need.

No wire runs through a card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import re
from statistics import fmean

from reports.columns import Columns, Need, Spot

CARD, GUTTER, LABEL, LINE = 186, 46, 30, 15
"""Widths of a card and of the room between two columns; heights of a lane's label and of a line."""
BROAD = 26
"""Characters that a line of a card holds, in a font of 12 px."""
PAD, SPACE, THIN = 8, 10, 6
"""Above and below words in a card; between two things of a lane; the room a passing wire takes."""


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


def flow(needs: Sequence[Need]) -> Flow:
    """Return the drawing of these steps, each of which comes after those it needs."""
    return _Layout(needs).flow()


def broken(words: str) -> tuple[str, ...]:
    """Return the words in lines that a card holds, broken at spaces and behind hyphens."""
    lines = [""]
    for piece in re.findall(rf"\s*(?:[^\s-]{{1,{BROAD - 1}}}-?|-)", words):
        if len(lines[-1] + piece) > BROAD:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return tuple(lines)


class _Layout:
    """How high everything is, and where it comes to stand."""

    def __init__(self, needs: Sequence[Need]) -> None:
        self._needs = {need.name: need for need in needs}
        self._lines = {name: broken(name) for name in self._needs}
        self._at = Columns(self._needs)

    def _tall(self, spot: Spot) -> float:
        return THIN if spot.passes else 2 * PAD + LINE * len(self._lines[spot.step])

    def flow(self) -> Flow:
        """Return the drawing."""
        heights = {
            lane: max(
                sum(self._tall(spot) + SPACE for spot in row) + SPACE
                for (other, _), row in self._at.rows.items()
                if other == lane
            )
            for lane in self._at.lanes
        }
        lanes, y = [], 0.0
        for name in self._at.lanes:
            lanes.append(Lane(name, y, heights[name] + LABEL))
            y += heights[name] + LABEL + SPACE
        tops = self._placed({lane.name: lane.y + LABEL for lane in lanes}, heights)
        cards = tuple(
            Card(need, self._lines[name], self._x(spot), tops[spot], self._tall(spot))
            for name, need in self._needs.items()
            for spot in [self._at.own(name)]
        )
        columns = self._at.count
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
        tops = {spot: starts[spot.lane] for row in self._at.rows.values() for spot in row}
        for turn in range(6):
            ends: dict[Spot, list[float]] = {}
            for left, right in self._at.joints:
                near, far = (right, left) if turn % 2 == 0 else (left, right)
                ends.setdefault(near, []).append(tops[far] + self._tall(far) / 2)
            for (lane, _), row in self._at.rows.items():
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
        for left, right in self._at.joints:
            start, end = (tops[spot] + self._tall(spot) / 2 for spot in (left, right))
            x, last = self._x(left) + CARD, self._x(right)
            bend = (x + last) / 2
            along = f"M{x - CARD:g} {start:g}H{x:g}" if left.passes else f"M{x:g} {start:g}"
            yield f"{along}C{bend:g} {start:g} {bend:g} {end:g} {last:g} {end:g}"
