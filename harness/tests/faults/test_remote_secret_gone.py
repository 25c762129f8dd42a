import pytest

from harness.errors import NotYet
from harness.faults.remote_secret_gone import RemoteSecretGone
from harness.steps.attachment import AttachCluster
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import primary_remote

FAULT = RemoteSecretGone("east", "west")


def watching(*statuses: str) -> FakeMesh:
    """Return a mesh whose primary lists its remote with these states, and itself."""
    fake = fake_mesh(primary_remote())
    AttachCluster("east", "west")(fake.mesh)
    own = {"name": "east", "secret": "", "status": "synced"}
    rows = [{"name": "west", "secret": "s", "status": each} for each in statuses]
    fake.istioctls["east"].watched = [own, *rows]
    return fake


def test_the_secret_is_taken_away_and_put_back() -> None:
    """Exactly the remote secret of the other cluster goes, and comes back as it was made."""
    fake = watching("synced")
    before = fake.kubes["east"].get("Secret", "istio-remote-secret-west", "istio-system")

    FAULT.inject(fake.mesh)

    assert fake.kubes["east"].get("Secret", "istio-remote-secret-west", "istio-system") is None
    FAULT.heal(fake.mesh)
    assert before is not None
    assert before == fake.kubes["east"].get("Secret", "istio-remote-secret-west", "istio-system")
    assert [] == fake.kubes["west"].calls


def test_it_is_broken_when_the_primary_lists_the_cluster_no_more() -> None:
    """A cluster that is listed in any state is still watched."""
    FAULT.witness(watching().mesh)
    for status in ("synced", "timeout"):
        with pytest.raises(NotYet, match="east still watches west"):
            FAULT.witness(watching(status).mesh)


@pytest.mark.parametrize(
    ("seen", "fake"),
    [("west is timeout to east", watching("timeout")), ("west is unknown to east", watching())],
    ids=["not-synced", "not-listed"],
)
def test_it_is_healed_when_the_cluster_is_synced_again(seen: str, fake: FakeMesh) -> None:
    """Listed is not enough; what is seen instead is told."""
    FAULT.healed(watching("synced").mesh)
    with pytest.raises(NotYet, match=seen):
        FAULT.healed(fake.mesh)


def test_it_is_told_by_both_its_clusters() -> None:
    """The record names whose secret is gone, and from where."""
    assert "remote secret of west gone from east" == str(FAULT)
