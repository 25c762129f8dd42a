"""Steps in columns by what they come after, and in lanes by cluster: who stands beside whom.

Needs that follow from others are left out, and a wire that passes a column has a place of its own
in it. The same steps stand the same each time; how large anything is, is not known here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Need:
    """A step: what it says, whose cluster it changes, what it builds, and what it comes after."""

    name: str
    cluster: str
    layer: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a column: a step's own, or where the wires to a lane's later steps pass."""

    step: str
    lane: str
    column: int
    passes: bool = False


def direct(needs: Mapping[str, Need]) -> dict[str, tuple[str, ...]]:
    """Return for each step those it comes after that follow from no other of them."""
    before: dict[str, set[str]] = {}
    for name, need in needs.items():
        before[name] = set(need.after).union(*(before[each] for each in need.after))
    return {
        name: tuple(each for each in need.after if all(each not in before[o] for o in need.after))
        for name, need in needs.items()
    }


class Columns:
    """Steps, each in the column behind all that it needs.

    `rows` holds for each lane and column what stands there, from top to bottom; `joints` are the
    pairs of neighbours that a wire joins.
    """

    def __init__(self, needs: Mapping[str, Need]) -> None:
        self._needs = needs
        self._column: dict[str, int] = {}
        for name, need in needs.items():
            self._column[name] = max((self._column[each] + 1 for each in need.after), default=0)
        self.lanes = tuple(dict.fromkeys(need.cluster for need in needs.values()))
        self.joints: dict[tuple[Spot, Spot], None] = {}
        for name, after in direct(needs).items():
            for each in after:
                self.joints.update(dict.fromkeys(pairwise(self._way(each, name))))
        self.rows = self._ordered()
        self.count = 1 + max(self._column.values(), default=0)

    def own(self, name: str) -> Spot:
        """Return where a step stands."""
        return Spot(name, self._needs[name].cluster, self._column[name])

    def _way(self, first: str, last: str) -> Iterator[Spot]:
        lane = self._needs[last].cluster
        yield self.own(first)
        for column in range(self._column[first] + 1, self._column[last]):
            yield Spot(first, lane, column, passes=True)
        yield self.own(last)

    def _ordered(self) -> dict[tuple[str, int], list[Spot]]:
        """Sort what shares a lane and a column by what it is joined to, so that few wires cross."""
        every = [*map(self.own, self._needs), *(end for joint in self.joints for end in joint)]
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
