import pytest

from harness.steps.placement import ServeOnlyIn
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import mixed, primary_remote
from harness.topology import Discovery, Topology


def settled(topology: Topology) -> FakeMesh:
    """Return a mesh whose httpbins have settled on what is wanted of them: one each."""
    fake = fake_mesh(topology)
    for name, kube in fake.kubes.items():
        replicas = 1 if name == "west" else 0
        kube.hold(
            "Deployment",
            "httpbin",
            topology.server_namespace,
            metadata={"generation": 3},
            spec={"replicas": 1},
            status={
                "observedGeneration": 3,
                **dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas"), replicas),
            },
        )
    return fake


@pytest.mark.parametrize(
    "topology", [mixed(), mixed(discovery=Discovery.GLOBAL_NAMES)], ids=["sample", "bar"]
)
def test_httpbin_serves_in_the_chosen_clusters_only(topology: Topology) -> None:
    """One replica in each chosen cluster, none in the others, awaited everywhere."""
    fake = settled(topology)

    assert not first_look(lambda: ServeOnlyIn(frozenset({"west"}))(fake.mesh))

    assert {"east": 0, "west": 1, "north": 0} == {
        name: kube.objects["Deployment", topology.server_namespace, "httpbin"]["spec"]["replicas"]
        for name, kube in fake.kubes.items()
    }


def test_it_may_be_asked_for_without_waiting() -> None:
    """Nothing is looked at: the replicas are wanted, and that is all."""
    fake = settled(primary_remote())

    ServeOnlyIn(frozenset({"east"})).begin(fake.mesh)

    assert {"east": 1, "west": 0} == {
        name: kube.objects["Deployment", "sample", "httpbin"]["spec"]["replicas"]
        for name, kube in fake.kubes.items()
    }


def test_it_is_awaited_that_the_others_serve_no_more() -> None:
    """A cluster whose pods still run holds the step up."""
    fake = settled(primary_remote())

    told = first_look(lambda: ServeOnlyIn(frozenset({"east"}))(fake.mesh))

    assert told.startswith("east: Deployment sample/httpbin is rolled out: ")
    assert [1, 0] == [
        kube.objects["Deployment", "sample", "httpbin"]["spec"]["replicas"]
        for kube in fake.kubes.values()
    ]


def test_its_sentence_names_the_clusters_in_order() -> None:
    """The same choice reads the same, whatever the order of the set."""
    assert "serve httpbin only in east, west" == str(ServeOnlyIn(frozenset({"west", "east"})))
