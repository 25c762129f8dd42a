import pytest

from harness.errors import UsageError
from harness.mesh import OWNED
from harness.plan import withdrawal
from harness.steps.withdrawal import (
    CRD,
    DeleteNamespaces,
    RemoveTraces,
    UninstallIstio,
    carrying,
)
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import primary_remote

OURS = {"labels": {OWNED: "r1"}, "creationTimestamp": "2026-11-21T05:00:10Z"}
OLD = {"creationTimestamp": "2026-11-21T05:00:09Z"}
NEW = {"creationTimestamp": "2026-11-21T05:00:11Z"}


@pytest.fixture
def fake() -> FakeMesh:
    """A mesh of which the east has both namespaces."""
    fake = fake_mesh(primary_remote())
    for name in ("istio-system", "sample"):
        fake.kubes["east"].hold("Namespace", name, metadata=OURS)
    return fake


def test_istio_is_uninstalled_where_a_run_installed_it(fake: FakeMesh) -> None:
    """Istioctl takes it away from the cluster, and only from it."""
    for each in fake.istioctls.values():
        each.install({}, timeout=1)

    UninstallIstio("east")(fake.mesh)

    assert [[], [{}]] == [fake.istioctls[name].installed for name in ("east", "west")]


@pytest.mark.parametrize("step", [UninstallIstio("west"), RemoveTraces("west")])
def test_an_istio_of_others_stays(fake: FakeMesh, step: UninstallIstio | RemoveTraces) -> None:
    """A namespace that no run has labelled is refused before anything is done."""
    fake.kubes["west"].hold("Namespace", "istio-system", metadata=OLD)
    fake.istioctls["west"].install({}, timeout=1)

    with pytest.raises(UsageError, match="west: its istio-system is not ours"):
        step(fake.mesh)

    assert [{}] == fake.istioctls["west"].installed
    assert [] == fake.kubes["west"].calls


def test_traces_go_unless_they_are_older_than_ours(fake: FakeMesh) -> None:
    """CRDs and root certificates that came with our Istio go, nothing else does."""
    east = fake.kubes["east"]
    east.hold(CRD, "gateways.networking.istio.io", metadata=NEW)
    east.hold(CRD, "wasmplugins.extensions.istio.io", metadata=OLD)
    east.hold(CRD, "certificates.cert-manager.io", metadata=NEW)
    east.hold("ConfigMap", "istio-ca-root-cert", "default", metadata=NEW)
    east.hold("ConfigMap", "istio-ca-root-cert", "shop", metadata=OLD)
    east.hold("ConfigMap", "settings", "default", metadata=NEW)

    RemoveTraces("east")(fake.mesh)

    assert [
        ("delete", "ConfigMap", "default", "istio-ca-root-cert"),
        ("delete", CRD, "", "gateways.networking.istio.io"),
    ] == east.calls


def test_only_namespaces_of_a_run_are_deleted(fake: FakeMesh) -> None:
    """One that somebody else has made stays, whatever its name."""
    east = fake.kubes["east"]
    east.hold("Namespace", "sample", metadata={"labels": {"theirs": "yes"}})

    DeleteNamespaces("east")(fake.mesh)

    assert [("delete", "Namespace", "", "istio-system")] == east.calls


def test_a_run_knows_its_own(fake: FakeMesh) -> None:
    """What another run has left is told apart."""
    assert ["east"] == carrying(fake.mesh)
    assert ["east"] == carrying(fake.mesh, "r1")
    assert [] == carrying(fake.mesh, "r2")


def test_traces_wait_for_every_istiod_and_namespaces_for_them() -> None:
    """No istiod may give its root again, and what is ours is known until the end."""
    after = {task.step: set(task.after) for task in withdrawal(["east", "west"]).tasks}

    stopped = {str(UninstallIstio(name)) for name in ("east", "west")}
    assert set() == after[UninstallIstio("east")]
    assert stopped == after[RemoveTraces("east")]
    assert str(RemoveTraces("east")) in after[DeleteNamespaces("east")]


def test_the_documents_leave_traces() -> None:
    """What they describe is uninstalling and deleting namespaces, no more."""
    steps = [task.step for task in withdrawal(["east"], traces=False).tasks]

    assert [UninstallIstio("east"), DeleteNamespaces("east")] == steps
