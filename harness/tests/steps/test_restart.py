from harness.steps.restart import fresh_client, restart
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import multi_primary_two_networks
from harness.topology import Discovery


def furnished(*, ready: int = 1) -> FakeMesh:
    """Return a mesh whose sleep of east is rolled out, so many of its pods ready."""
    fake = fake_mesh(multi_primary_two_networks(discovery=Discovery.GLOBAL_NAMES))
    fake.kubes["east"].hold(
        "Deployment",
        "sleep",
        "foo",
        metadata={"generation": 1},
        spec={"replicas": 1},
        status={
            "observedGeneration": 1,
            "replicas": 1,
            "updatedReplicas": 1,
            "readyReplicas": ready,
        },
    )
    return fake


def stamp(fake: FakeMesh) -> str:
    """Return what east's sleep is stamped with."""
    template = fake.kubes["east"].objects["Deployment", "foo", "sleep"]["spec"]["template"]
    return str(template["metadata"]["annotations"]["meshproof.dev/restarted"])


def test_new_pods_come_by_a_new_stamp() -> None:
    """Each restart changes the pods' template, so that each replaces the pods."""
    fake = furnished()

    restart(fake.mesh, "east", "sleep", "foo")
    first = stamp(fake)
    restart(fake.mesh, "east", "sleep", "foo")

    assert first != stamp(fake)
    assert [] == fake.kubes["west"].calls


def test_new_pods_are_awaited() -> None:
    """The restart is over when the new pods alone are ready."""
    told = first_look(lambda: restart(furnished(ready=0).mesh, "east", "sleep", "foo"))

    assert told.startswith("east: Deployment foo/sleep is rolled out: ")


def test_a_fresh_client_is_a_new_sleep() -> None:
    """It is sought in the clients' own namespace."""
    fake = furnished()

    fresh_client(fake.mesh, "east")

    assert stamp(fake)
