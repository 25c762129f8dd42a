import pytest

from harness.errors import HostError
from harness.steps.clusters import CreateCluster, RouteToNeighbours
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import mixed


def test_a_cluster_is_made_by_the_provider() -> None:
    """The provider is asked for the cluster as the topology has it, once."""
    fake = fake_mesh(mixed())

    CreateCluster("west")(fake.mesh)

    assert [fake.mesh.topology["west"]] == fake.provider.created


def test_pods_of_neighbours_are_reached_by_their_nodes() -> None:
    """A route to each neighbour's pods by its node, none to other networks."""
    fake = fake_mesh(mixed())

    RouteToNeighbours("east")(fake.mesh)
    RouteToNeighbours("north")(fake.mesh)

    west = fake.mesh.topology["west"]
    assert [
        ("ip", "route", "replace", str(west.pods), "via", fake.nodes["west"].address)
    ] == fake.nodes["east"].ran
    assert [] == fake.nodes["north"].ran


def test_a_route_that_the_node_refuses_is_the_machines_fault() -> None:
    """What the node said is told, with the network and the next hop."""
    fake = fake_mesh(mixed())
    fake.nodes["east"].refusal = "RTNETLINK answers: Network is unreachable\n"

    with pytest.raises(HostError) as caught:
        RouteToNeighbours("east")(fake.mesh)

    assert str(caught.value) == (
        "east: no route to 10.12.0.0/16 by 172.18.0.3: RTNETLINK answers: Network is unreachable"
    )
