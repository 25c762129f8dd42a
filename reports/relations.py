"""What joins two clusters: the traffic that was seen, and who serves or watches whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from harness.topology import Topology
from reports.matrix import Mark, Matrix


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing between two clusters: its kind, itself in words, and the clusters it points at.

    `kind` is `reached`, `failed` or `unknown` for traffic, `serves` or `watches` for control.
    """

    pair: tuple[str, str]
    kind: str
    words: str
    heads: frozenset[str] = frozenset()

    @property
    def above(self) -> bool:
        """Whether it is traffic, which is drawn above; control is drawn below."""
        return self.kind not in ("serves", "watches")


def relations(topology: Topology, table: Matrix, pair: tuple[str, str]) -> Iterator[Relation]:
    """Yield what joins the two: traffic if there was any, then control."""
    first, second = pair
    ways = [(first, second), (second, first)]
    marks = {way: table.cells[way].mark for way in ways}
    worst = max(marks.values(), key=list(Mark).index)
    if worst is not Mark.UNTESTED:
        alike = len(set(marks.values())) == 1
        told = [pair] if alike else [way for way in ways if marks[way] is worst]
        arrow = "↔" if alike else "→"
        said = ", ".join(f"{source} {arrow} {target}" for source, target in told)
        yield Relation(pair, worst.word, f"{worst} {worst.word}: {said}")
    watched = [way for way in ways if _watches(topology, *way)]
    for primary, remote in ways:
        if topology[remote].primary == primary:
            verb = "serves and watches" if (primary, remote) in watched else "serves"
            words = f"{primary} {verb} {remote}"
            yield Relation(pair, "serves", words, frozenset([remote]))
            return
    heads = frozenset(other for _, other in watched)
    if len(watched) > 1:
        yield Relation(pair, "watches", f"{first} and {second} watch each other", heads)
    elif watched:
        yield Relation(pair, "watches", "{} watches {}".format(*watched[0]), heads)


def _watches(topology: Topology, watcher: str, other: str) -> bool:
    watched = topology.watched_by(watcher)
    return topology[watcher].is_primary and other in {each.name for each in watched}
