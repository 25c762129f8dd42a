"""A topology as a drawing: clusters in a row, in their networks; traffic above, control below.

Arcs never cross a box, the layout is the same each time, and every state is a shape and a word as
well as a colour. Text is measured in characters: no font is needed to lay it out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from harness.topology import Cluster, Topology
from reports.relations import Pair, Relation

BOX, GAP, ZONE_GAP, MARGIN = 188, 44, 64, 20
"""The least width of a box, the room beside it and between networks, and at the edge."""
HEIGHT = 96
BROAD, BOLD = 7.5, 10
"""The most room that a character takes, and one of a name."""
RISE = 34
"""How much higher an arc is for each box it passes over."""
SECOND = 20
"""How much higher an arc is than another between the same two boxes, on the same side."""


@dataclass(frozen=True, slots=True)
class Box:
    """One cluster: its place, and the lines of words in it."""

    name: str
    x: float
    y: float
    width: float
    primary: bool
    lines: tuple[str, ...]
    gateway: str

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + self.width / 2

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
    above: bool
    sign: str
    """The mark at its apex: none for what is only planned, nor for control."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template needs, in user units of the SVG; `words` says the same without it."""

    width: float
    height: float
    zones: tuple[Zone, ...]
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]
    words: tuple[str, ...]

    @property
    def pointing(self) -> tuple[str, ...]:
        """The kinds of arcs that have an arrow's head."""
        return tuple(dict.fromkeys(arc.kind for arc in self.arcs if arc.to_left or arc.to_right))


def draw(
    topology: Topology,
    gateways: Mapping[str, str],
    relations: Callable[[Topology, Pair], Iterable[Relation]],
) -> Drawing:
    """Return the drawing of the topology and of what joins each two of its clusters.

    `gateways` maps clusters to the addresses of their gateways, as far as these are known.
    """
    pairs = combinations(topology.names, 2)
    joined = [relation for pair in pairs for relation in relations(topology, pair)]
    # traffic is told first, then who serves whom, then who watches
    joined.sort(key=lambda relation: (not relation.above, relation.kind != "serves"))
    far = len(topology.clusters) - 1
    twice = SECOND * any(nth for _, nth in _numbered(joined))
    top = MARGIN + RISE * far
    boxes = tuple(_boxes(topology, gateways, top + 30))
    places = {box.name: (number, box) for number, box in enumerate(boxes)}
    return Drawing(
        width=boxes[-1].x + boxes[-1].width + MARGIN + 14,
        height=top + 30 + HEIGHT + 26 + RISE * far + twice + MARGIN,
        zones=tuple(_zones(topology, boxes, top)),
        boxes=boxes,
        arcs=tuple(_arc(relation, places, nth) for relation, nth in _numbered(joined)),
        words=tuple(relation.words for relation in joined),
    )


def _numbered(relations: Iterable[Relation]) -> Iterator[tuple[Relation, int]]:
    """Yield each relation, and how many there were before it between the same two, on its side."""
    before: dict[tuple[Pair, bool], int] = {}
    for relation in relations:
        place = (relation.pair, relation.above)
        yield relation, before.setdefault(place, 0)
        before[place] += 1


def _boxes(topology: Topology, gateways: Mapping[str, str], y: float) -> Iterator[Box]:
    x, before = MARGIN + 14.0, ""
    width = max(
        BOX,
        *(24 + BOLD * len(name) for name in topology.names),
        *(24 + BROAD * len(name) for name in topology.networks),
        *(24 + BROAD * len(line) for each in topology.clusters for line in _lines(each)),
    )
    # a network's clusters stand together, whatever the order of the file
    order = sorted(topology.clusters, key=lambda each: topology.networks.index(each.network))
    for cluster in order:
        if before:
            x += width + (GAP if cluster.network == before else ZONE_GAP)
        before = cluster.network
        gateway = ""
        if topology.has_gateway(cluster.name):
            gateway = f"gateway {gateways.get(cluster.name, '')}".strip()
        yield Box(cluster.name, x, y, width, cluster.is_primary, _lines(cluster), gateway)


def _lines(cluster: Cluster) -> tuple[str, ...]:
    role = "primary: istiod" if cluster.is_primary else f"remote of {cluster.primary}"
    return (role, f"pods {cluster.pods}")


def _zones(topology: Topology, boxes: tuple[Box, ...], y: float) -> Iterator[Zone]:
    for network in topology.networks:
        ours = [box for box in boxes if topology[box.name].network == network]
        x = ours[0].x - 14
        yield Zone(network, x, y, ours[-1].x + ours[-1].width + 14 - x, HEIGHT + 62)


def _arc(relation: Relation, places: Mapping[str, tuple[int, Box]], nth: int) -> Arc:
    """Return a curve above or below two boxes, as high as there are boxes between them."""
    (one, left), (other, right) = sorted(
        (places[name] for name in relation.pair), key=lambda place: place[0]
    )
    inset = 22 - 12 * nth
    start, end = left.middle + inset, right.middle - inset
    first, last = (box.y if relation.above else box.foot for box in (left, right))
    middle = (first + last) / 2
    rise = (-1 if relation.above else 1) * (RISE * (other - one) + 8 + SECOND * nth)
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
        above=relation.above,
        sign=relation.sign,
    )
