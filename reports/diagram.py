"""A topology as a drawing: clusters in a row, in their networks; traffic above, control below.

Arcs never cross a box, the layout is the same each time, and every state is a shape and a word as
well as a colour. Text is measured in characters: no font is needed to lay it out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from harness.topology import Cluster, Topology
from reports.matrix import Matrix
from reports.relations import Relation, relations
from reports.report import TopologyAccount

BOX, GAP, ZONE_GAP, MARGIN = 168, 44, 64, 20
HEIGHT = 96
RISE = 34
"""How much higher an arc is for each box it passes over."""


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
    to_left: bool
    """Whether it has an arrow's head at its left end."""
    to_right: bool


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
    joined = [
        relation
        for pair in combinations(topology.names, 2)
        for relation in relations(topology, table, pair)
    ]
    # traffic is told first, then control
    joined.sort(key=lambda relation: not relation.above)
    zones = tuple(_zones(topology, boxes, top))
    return Drawing(
        width=boxes[-1].x + BOX + MARGIN + 14,
        height=top + 30 + HEIGHT + 26 + RISE * far + MARGIN,
        zones=zones,
        boxes=boxes,
        arcs=tuple(_arc(relation, places) for relation in joined),
        words=tuple(relation.words for relation in joined),
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


def _arc(relation: Relation, places: Mapping[str, tuple[int, Box]]) -> Arc:
    """Return a curve above or below two boxes, as high as there are boxes between them."""
    (one, left), (other, right) = sorted(
        (places[name] for name in relation.pair), key=lambda place: place[0]
    )
    start, end = left.middle + 22, right.middle - 22
    first, last = (box.y if relation.above else box.foot for box in (left, right))
    middle = (first + last) / 2
    rise = (-1 if relation.above else 1) * (RISE * (other - one) + 8)
    # a cubic's apex is at three quarters of its handles' height
    handle = middle + rise * 4 / 3
    path = f"M{start:g} {first:g}C{start:g} {handle:g} {end:g} {handle:g} {end:g} {last:g}"
    return Arc(
        path=path,
        kind=relation.kind,
        words=relation.words,
        x=(start + end) / 2,
        y=middle + rise,
        to_left=left.name in relation.heads,
        to_right=right.name in relation.heads,
    )
