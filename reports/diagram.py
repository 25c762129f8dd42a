"""A topology as a drawing: clusters in a row, in their networks; traffic above, control below.

Arcs never cross a box, the layout is the same each time, and every state is a shape and a word as
well as a colour. Text is measured in characters: no font is needed to lay it out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from harness.topology import Cluster, Topology
from reports.matrix import Mark, Matrix
from reports.report import TopologyAccount

BOX, GAP, ZONE_GAP, MARGIN = 168, 44, 64, 20
HEIGHT = 96
RISE = 34
"""How much higher an arc is for each box it passes over."""

_CURVES = {Mark.REACHED: "reached", Mark.FAILED: "failed", Mark.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Box:
    """One cluster: its place, and the lines of words in it."""

    name: str
    x: float
    y: float
    primary: bool
    lines: tuple[str, ...]
    gateway: str

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + BOX / 2

    @property
    def foot(self) -> float:
        """Its lower edge, or that of its gateway."""
        return self.y + HEIGHT + (12 if self.gateway else 0)


@dataclass(frozen=True, slots=True)
class Zone:
    """One network: a frame around its clusters."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A curve from one box to another, its kind (a CSS class), and the words at its apex."""

    path: str
    kind: str
    words: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template needs, in user units of the SVG; `words` says the same without it."""

    width: float
    height: float
    zones: tuple[Zone, ...]
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]
    words: tuple[str, ...]


def draw(account: TopologyAccount, table: Matrix) -> Drawing | None:
    """Return the drawing of the topology and of the traffic seen in it; None if it is unknown."""
    topology = account.topology
    if topology is None:
        return None
    gateways: dict[str, str] = {}
    for provision in account.provisions:
        gateways.update(provision.gateways)
    far = len(topology.clusters) - 1
    top = MARGIN + RISE * far
    boxes = tuple(_boxes(topology, gateways, top + 30))
    places = {box.name: (number, box) for number, box in enumerate(boxes)}
    arcs: list[Arc] = []
    words: list[str] = []
    for first, second in combinations(topology.names, 2):
        (start, left), (end, right) = places[first], places[second]
        distance = abs(end - start)
        for direction, kind, said in _relations(topology, table, first, second):
            words.append(said)
            path, x, apex = _arc((left, right), direction, distance)
            arcs.append(Arc(path, kind, said, x, apex))
    zones = tuple(_zones(topology, boxes, top))
    return Drawing(
        width=boxes[-1].x + BOX + MARGIN + 14,
        height=top + 30 + HEIGHT + 26 + RISE * far + MARGIN,
        zones=zones,
        boxes=boxes,
        arcs=tuple(arcs),
        words=tuple(words),
    )


def _boxes(topology: Topology, gateways: dict[str, str], y: float) -> Iterator[Box]:
    x, before = MARGIN + 14.0, ""
    # a network's clusters stand together, whatever the order of the file
    order = sorted(topology.clusters, key=lambda each: topology.networks.index(each.network))
    for cluster in order:
        if before:
            x += BOX + (GAP if cluster.network == before else ZONE_GAP)
        before = cluster.network
        gateway = ""
        if topology.has_gateway(cluster.name):
            gateway = f"gateway {gateways.get(cluster.name, '')}".strip()
        yield Box(cluster.name, x, y, cluster.is_primary, _lines(cluster), gateway)


def _lines(cluster: Cluster) -> tuple[str, ...]:
    role = "primary: istiod" if cluster.is_primary else f"remote of {cluster.primary}"
    return (role, f"pods {cluster.pods}")


def _zones(topology: Topology, boxes: tuple[Box, ...], y: float) -> Iterator[Zone]:
    for network in topology.networks:
        ours = [box for box in boxes if topology[box.name].network == network]
        x = ours[0].x - 14
        yield Zone(network, x, y, ours[-1].x + BOX + 14 - x, HEIGHT + 62)


def _relations(
    topology: Topology, table: Matrix, first: str, second: str
) -> Iterator[tuple[int, str, str]]:
    """Yield direction (-1 above, 1 below), kind and words of what joins two clusters."""
    ways = [(first, second), (second, first)]
    marks = {way: table.cells[way].mark for way in ways}
    worst = max(marks.values(), key=list(Mark).index)
    if worst is not Mark.UNTESTED:
        alike = len(set(marks.values())) == 1
        told = [(first, second)] if alike else [way for way in ways if marks[way] is worst]
        arrow = "↔" if alike else "→"
        said = ", ".join(f"{source} {arrow} {target}" for source, target in told)
        yield -1, _CURVES[worst], f"{worst} {worst.word}: {said}"
    serves = [way for way in ways if topology[way[1]].primary == way[0]]
    watches = [
        way
        for way in ways
        if topology[way[0]].is_primary
        and way[1] in {each.name for each in topology.watched_by(way[0])}
    ]
    if serves:
        verb = "serves and watches" if serves[0] in watches else "serves"
        yield 1, "serves", f"{serves[0][0]} {verb} {serves[0][1]}"
    elif watches:
        verb = "and {} watch each other" if len(watches) > 1 else "watches {}"
        yield 1, "watches", f"{watches[0][0]} {verb.format(watches[0][1])}"


def _arc(ends: tuple[Box, Box], direction: int, distance: int) -> tuple[str, float, float]:
    """Return the path between two boxes, above (-1) or below (1) them, and its apex."""
    left, right = sorted(ends, key=lambda box: box.x)
    start, end = left.middle + 22, right.middle - 22
    first, last = (box.y if direction < 0 else box.foot for box in (left, right))
    middle = (first + last) / 2
    rise = direction * (RISE * distance + 8)
    # a cubic's apex is at three quarters of its handles' height
    handle = middle + rise * 4 / 3
    path = f"M{start:g} {first:g}C{start:g} {handle:g} {end:g} {handle:g} {end:g} {last:g}"
    return path, (start + end) / 2, middle + rise
