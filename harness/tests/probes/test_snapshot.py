from harness.observation import Inventory, Unseen
from harness.probes.snapshot import snapshot
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import alone, primary_remote


def test_all_is_listed_but_what_comes_and_goes_by_itself() -> None:
    """Every object by kind and name; leases, events and mirrors of static pods are left out."""
    fake = fake_mesh(primary_remote())
    east = fake.kubes["east"]
    east.hold("Pod", "a", "shop")
    east.hold("Pod", "etcd", "shop", metadata={"annotations": {"kubernetes.io/config.mirror": "x"}})
    east.hold("Event", "happened", "shop")
    east.hold("Lease", "node", "shop")
    # no namespace: the fake holds an empty one
    east.hold("ClusterRole", "b")
    fake.kubes["west"].down = True

    assert [
        Inventory("east", "before", ("ClusterRole b", "Pod shop/a")),
        Unseen("west", "all that it holds", "the API server does not answer"),
    ] == snapshot(fake.mesh, "before")


def test_what_is_being_deleted_is_gone_before_and_there_after() -> None:
    """Else an object that somebody deletes meanwhile would be missed, or one that is stuck not."""
    fake = fake_mesh(alone())
    name = fake.mesh.topology.names[0]
    fake.kubes[name].hold("Pod", "old", "shop", metadata={"deletionTimestamp": "2026-01-01"})

    assert [Inventory(name, "before", ())] == snapshot(fake.mesh, "before")
    assert [Inventory(name, "after", ("Pod shop/old",))] == snapshot(fake.mesh, "after")
