from harness.observation import Inventory, Unseen
from harness.probes.snapshot import snapshot
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import primary_remote


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
