import pytest

from harness.observation import NodeFact, Unseen
from harness.probes import nodes
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import mixed


def test_services_are_asked_for_one_by_one() -> None:
    """Each of containerd and kubelet is a fact of its own."""
    fake = fake_mesh(mixed())
    fake.nodes["west"].services = {"containerd": True, "kubelet": False}

    assert [
        NodeFact("west", "containerd runs", holds=True),
        NodeFact("west", "kubelet runs", holds=False),
    ] == nodes.services_run(fake.mesh, "west")


@pytest.mark.parametrize(
    ("hop_west", "hop_north", "holds"),
    [
        ("172.18.0.3", "", (True, True)),
        ("", "", (False, True)),
        ("172.18.0.9", "", (False, True)),
        ("172.18.0.3", "172.18.0.4", (True, False)),
    ],
    ids=["as-wanted", "no-route", "another-hop", "a-route-across"],
)
def test_pods_are_routed_within_a_network_and_not_across(
    hop_west: str, hop_north: str, holds: tuple[bool, bool]
) -> None:
    """To a neighbour's pods by its very node; to another network's pods not at all."""
    fake = fake_mesh(mixed())
    routes = {"10.12.0.0/16": hop_west, "10.14.0.0/16": hop_north}
    fake.nodes["east"].routes = {network: hop for network, hop in routes.items() if hop}

    assert [
        NodeFact(
            "east",
            "the pods of west are routed by its node",
            holds=holds[0],
            seen=f"next hop {hop_west or 'none'}",
        ),
        NodeFact(
            "east",
            "the pods of north are not routed",
            holds=holds[1],
            seen=f"next hop {hop_north or 'none'}",
        ),
    ] == nodes.routes(fake.mesh, "east")


def test_a_gateway_is_tried_from_the_sources_node() -> None:
    """The fact is the source's, and names the target, the address and the port."""
    fake = fake_mesh(mixed())
    fake.nodes["west"].open = {("172.18.255.239", 15012)}

    def accepted(source: str, port: int) -> list[object]:
        return list(nodes.gateway_answers(fake.mesh, source, "east", "172.18.255.239", port))

    question = "the gateway of east accepts 172.18.255.239"
    assert [NodeFact("west", f"{question}:15012", holds=True)] == accepted("west", 15012)
    assert [NodeFact("west", f"{question}:15017", holds=False)] == accepted("west", 15017)
    assert [NodeFact("north", f"{question}:15012", holds=False)] == accepted("north", 15012)


def test_a_node_that_does_not_answer_leaves_its_questions_open() -> None:
    """Nothing is known of it, and what other nodes say still counts."""
    fake = fake_mesh(mixed())
    fake.nodes["north"].down = True

    lost = "the node does not answer"
    assert [
        Unseen("north", "containerd runs", lost),
        Unseen("north", "kubelet runs", lost),
    ] == nodes.services_run(fake.mesh, "north")
    assert [
        Unseen("north", "the gateway of east accepts 172.18.255.239:15012", lost)
    ] == nodes.gateway_answers(fake.mesh, "north", "east", "172.18.255.239", 15012)
    assert [NodeFact, NodeFact] == [type(each) for each in nodes.routes(fake.mesh, "west")]
