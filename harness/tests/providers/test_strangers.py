import pytest

from harness.errors import UsageError
from harness.mesh import OWNED
from harness.providers.strangers import refuse_strangers
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import primary_remote
from harness.topology import Resolver


def test_clusters_without_a_mesh_are_taken() -> None:
    """What has nothing to do with Istio is in nobody's way."""
    fake = fake_mesh(primary_remote())
    fake.kubes["east"].hold("Namespace", "shop")
    fake.kubes["east"].hold("Deployment", "shop", "shop", metadata={"labels": {"app": "shop"}})

    refuse_strangers(fake.mesh)


def test_what_a_run_of_ours_has_left_is_no_stranger() -> None:
    """It carries the label of a run, and so does what belongs to it."""
    fake = fake_mesh(primary_remote())
    east, ours = fake.kubes["east"], {"labels": {OWNED: "r1"}}
    east.hold("Namespace", "istio-system", metadata=ours)
    east.hold("Namespace", "sample", metadata=ours)
    east.hold("Deployment", "istiod", "istio-system", metadata={"labels": {"app": "istiod"}})
    east.hold("ClusterRole", "x", metadata={"labels": {"operator.istio.io/component": "Pilot"}})

    refuse_strangers(fake.mesh)


def test_everything_in_the_way_is_told_with_the_way_out() -> None:
    """Namespaces and whatever `uninstall --purge` would take, in every cluster at once."""
    fake = fake_mesh(primary_remote(resolver=Resolver.NONE))
    east, west = fake.kubes["east"], fake.kubes["west"]
    east.hold("Namespace", "istio-system")
    west.hold("Namespace", "sample", metadata={"labels": {"theirs": "yes"}})
    west.hold("Deployment", "istiod", "mesh", metadata={"labels": {"app": "istiod"}})
    west.hold(
        "MutatingWebhookConfiguration",
        "injector",
        metadata={"labels": {"operator.istio.io/component": "Pilot"}},
    )

    with pytest.raises(UsageError) as caught:
        refuse_strangers(fake.mesh)

    assert [each.rpartition(": ")[0] for each in caught.value.problems] == [
        "east: namespace istio-system is there and no run made it",
        "west: namespace sample is there and no run made it",
        "west: an istiod runs in namespace mesh",
        "west: MutatingWebhookConfiguration injector is of an Istio that no run made",
    ]
    assert all("--check-only" in each for each in caught.value.problems)
    assert [] == east.calls + west.calls
