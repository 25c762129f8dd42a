from harness.record import ClaimRecord, ProvisionRecord
from harness.topology import Topology
from reports.compose import compose
from reports.diagram import BOX, Drawing, draw
from reports.matrix import Mark, matrix
from reports.relations import planned, seen
from reports.tests.records import (
    MULTI_PRIMARY,
    PRIMARY_REMOTE,
    cluster,
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
    set_up,
)


def of(topology: Topology, *claims: ClaimRecord) -> Drawing:
    """Return the drawing of a topology with these claims."""
    records: list[ProvisionRecord | ClaimRecord] = [set_up(topology), *claims]
    report = compose(facts(), records, ran_all(*claims), ending())
    account = next(each for each in report.topologies if each.name == topology.name)
    table = matrix(account)
    return draw(topology, {}, lambda each, pair: seen(each, table, pair))


def test_who_serves_whom_is_told() -> None:
    """A primary's arc leads to its remote."""
    drawing = of(PRIMARY_REMOTE)

    assert [(arc.kind, arc.words) for arc in drawing.arcs] == [
        ("serves", "cluster1 serves and watches cluster2")
    ]


def test_an_arrow_points_at_the_remote_wherever_it_stands() -> None:
    """To the left, if its primary stands to the right."""
    swapped = Topology(name="swapped", title="", clusters=(cluster(1, primary=2), cluster(2)))
    (arc,) = of(swapped).arcs

    assert (arc.words, arc.to_left, arc.to_right) == (
        "cluster2 serves and watches cluster1",
        True,
        False,
    )


def test_primaries_that_watch_each_other_are_told_so() -> None:
    """There is one arc, and one zone for each network."""
    drawing = of(MULTI_PRIMARY)

    assert drawing.words == ("cluster1 and cluster2 watch each other",)
    assert [zone.name for zone in drawing.zones] == ["network1", "network2"]


def test_traffic_both_ways_is_one_arc() -> None:
    """Both directions were seen to work."""
    claims = [reached(name, replies(name, "cluster1", "cluster2")) for name in PRIMARY_REMOTE.names]

    assert of(PRIMARY_REMOTE, *claims).arcs[0].words == "√ reached: cluster1 ↔ cluster2"


def test_a_path_that_broke_says_in_which_direction() -> None:
    """The other direction is not blamed."""
    claims = [
        reached("cluster1", no_answer("cluster1", 21)),
        reached("cluster2", replies("cluster2", "cluster1", "cluster2")),
    ]

    arc = of(PRIMARY_REMOTE, *claims).arcs[0]
    assert (arc.kind, arc.words) == ("failed", f"{Mark.FAILED} failed: cluster1 → cluster2")


def test_clusters_of_one_network_stand_together_and_apart_from_others() -> None:
    """No box overlaps another, and each is within the frame of its network only."""
    clusters = (cluster(1), cluster(2, network=2), cluster(3))
    drawing = of(Topology(name="mixed", title="", clusters=clusters))

    places = {box.name: box.x for box in drawing.boxes}
    assert places["cluster1"] + BOX < places["cluster3"]
    assert places["cluster3"] + BOX < places["cluster2"]
    first, second = drawing.zones
    assert first.x + first.width < second.x
    assert second.x + second.width < drawing.width


def test_the_same_topology_is_drawn_the_same() -> None:
    """Nothing random is in the layout."""
    assert of(MULTI_PRIMARY) == of(MULTI_PRIMARY)


def test_what_is_planned_says_how_traffic_goes_and_where_secrets_go() -> None:
    """A secret is made from the cluster that it opens and lies with the istiod that reads it."""
    primary_remote, multi_primary = (
        draw(topology, {}, planned).words for topology in (PRIMARY_REMOTE, MULTI_PRIMARY)
    )

    assert primary_remote == (
        "cluster1 ↔ cluster2: pod to pod",
        "cluster1 → cluster2: its istiod serves it",
        "cluster2 → cluster1: remote secret",
    )
    assert multi_primary == (
        "cluster1 ↔ cluster2: through gateways",
        "cluster1 ↔ cluster2: remote secrets, both ways",
    )


def test_two_arcs_between_the_same_boxes_lie_apart() -> None:
    """The second of them is the higher one, and within the drawing."""
    drawing = draw(PRIMARY_REMOTE, {}, planned)
    serves, secret = (arc for arc in drawing.arcs if not arc.above)

    assert serves.y < secret.y < drawing.height


def test_boxes_are_as_wide_as_the_longest_name_asks_for() -> None:
    """A cluster may have any name that Kubernetes allows."""
    long = cluster(1).model_copy(update={"name": "c" * 40, "primary": "c" * 40})
    (box,) = draw(Topology(name="long", title="", clusters=(long,)), {}, planned).boxes

    assert box.width > 40 * 8
