"""What joins two clusters: traffic, seen or planned, and who serves, watches or attaches whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from harness.topology import Topology
from reports.matrix import Mark, Matrix

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing between two clusters: its kind, itself in words, and the clusters it points at.

    `kind` is `reached`, `failed` or `unknown` for traffic that was seen, `direct`, `gateways` or
    `named` for traffic that is planned, `serves`, `watches` or `secret` for control.
    """

    pair: Pair
    kind: str
    words: str
    heads: frozenset[str] = frozenset()
    sign: str = ""
    """The mark of traffic that was seen."""

    @property
    def above(self) -> bool:
        """Whether it is traffic, which is drawn above; control is drawn below."""
        return self.kind not in ("serves", "watches", "secret")


def seen(topology: Topology, table: Matrix, pair: Pair) -> Iterator[Relation]:
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
        yield Relation(pair, worst.word, f"{worst} {worst.word}: {said}", sign=worst)
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


def planned(topology: Topology, pair: Pair) -> Iterator[Relation]:
    """Yield what shall join the two: how traffic goes, who serves whom, where secrets go."""
    first, second = pair
    both = f"{first} ↔ {second}"
    near = topology[first].network == topology[second].network
    if second in topology.answering(first):
        kind, how = ("direct", "pod to pod") if near else ("gateways", "through gateways")
    else:
        kind, how = "named", "by .global names, through gateways"
    yield Relation(pair, kind, f"{both}: {how}")
    for primary, remote in (pair, pair[::-1]):
        if topology[remote].primary == primary:
            words = f"{primary} → {remote}: its istiod serves it"
            yield Relation(pair, "serves", words, frozenset([remote]))
    # a secret is made from what it opens, and lies with the istiod that reads it
    ways = [(a, b) for a, b in (pair, pair[::-1]) if _watches(topology, b, a)]
    heads = frozenset(holder for _, holder in ways)
    if len(ways) > 1:
        yield Relation(pair, "secret", f"{both}: remote secrets, both ways", heads)
    elif ways:
        yield Relation(pair, "secret", "{} → {}: remote secret".format(*ways[0]), heads)


def _watches(topology: Topology, watcher: str, other: str) -> bool:
    watched = topology.watched_by(watcher)
    return topology[watcher].is_primary and other in {each.name for each in watched}
