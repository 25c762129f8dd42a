"""What a topology is and what would be done for it, as one SVG that needs nothing beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.topology import Topology
from reports.columns import Need
from reports.diagram import BROAD, Drawing, draw
from reports.flow import CARD, flow
from reports.pages import environment, source
from reports.relations import planned

MARGIN, TOP = 24, 76
"""At every edge; and above the topology, where its name stands."""
COLUMN, LINE = 420, 22
"""The least width of a column of the legend, and the height of its lines."""
NOTE = (
    "Each begins when those that lead to it have ended. Blue: the mesh. Grey: the bench that it "
    "stands on. Broken border: waits for what others bring about."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend, and where it stands."""

    kind: str
    words: str
    x: float
    y: float


def svg(topology: Topology, gateways: Mapping[str, str], steps: Sequence[Need]) -> str:
    """Return the drawing; `gateways` maps clusters to the addresses planned for theirs."""
    drawing, graph = draw(topology, gateways, planned), flow(steps)
    entries = tuple(_legend(drawing))
    words = MARGIN + BROAD * max(len(topology.title), len(NOTE))
    width = max(graph.width + MARGIN, words, *(each.x + COLUMN for each in entries)) + MARGIN
    graph_at = TOP + drawing.height + 72
    return (
        environment()
        .get_template("blueprint.svg.j2")
        .render(
            topology=topology,
            drawing=drawing,
            graph=graph,
            entries=entries,
            top=TOP,
            graph_at=graph_at,
            width=width,
            height=graph_at + graph.height + MARGIN,
            margin=MARGIN,
            card_width=CARD,
            steps=len(steps),
            note=NOTE,
            style=Markup(source("colours.css", "diagram.css", "blueprint.css")),  # noqa: S704  # ours
        )
    )


def _legend(drawing: Drawing) -> Iterator[Entry]:
    """Yield a line for each arc, beside the topology: in one column, or traffic and control."""
    rows = int((drawing.height - LINE) // LINE)
    columns = [drawing.arcs]
    if len(drawing.arcs) > rows:
        columns = [
            arcs[start : start + rows]
            for above in (True, False)
            for arcs in [tuple(arc for arc in drawing.arcs if arc.above is above)]
            for start in range(0, len(arcs), rows)
        ]
    x = drawing.width + 2 * MARGIN
    for arcs in columns:
        for n, arc in enumerate(arcs):
            yield Entry(arc.kind, arc.words, x, TOP + 2 * LINE + LINE * n)
        x += max(COLUMN, *(70 + BROAD * len(arc.words) for arc in arcs), 0)
