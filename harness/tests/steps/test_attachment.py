import pytest

from harness.steps.attachment import AttachCluster, AwaitSync
from harness.tests.fakes import fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import mixed


def test_a_primary_is_given_the_secret_of_the_other() -> None:
    """The secret is made on the other cluster, with an address that others reach, and kept here."""
    fake = fake_mesh(mixed())

    AttachCluster("east", "north")(fake.mesh)

    secret = fake.kubes["east"].get("Secret", "istio-remote-secret-north", "istio-system")
    assert secret is not None
    assert {"made-on": "north", "server": "https://172.18.0.4:6443"} == secret["stringData"]
    assert [] == fake.kubes["north"].calls


def row(name: str, status: str = "synced") -> dict[str, str]:
    """Return a row of remote-clusters."""
    return {"name": name, "secret": f"istio-system/{name}", "status": status, "istiod": "istiod-1"}


@pytest.mark.parametrize(
    ("seen", "rows"),
    [
        ("", [row("west"), row("north"), row("east")]),
        ("north is timeout", [row("west"), row("north", "timeout")]),
        ("north is unknown, west is syncing", [row("west", "syncing")]),
    ],
    ids=["all-synced", "one-late", "one-unknown"],
)
def test_the_others_are_awaited_until_all_are_synced(seen: str, rows: list[dict[str, str]]) -> None:
    """Each cluster that is not synced is told with its state, one that is not listed as unknown."""
    fake = fake_mesh(mixed())
    fake.istioctls["east"].watched = rows

    told = first_look(lambda: AwaitSync("east")(fake.mesh))

    assert (f"east: its istiod has synced the others: {seen}" if seen else "") == told
