from base64 import b64encode
from typing import cast

import pytest

from harness.errors import HarnessError, NotYet
from harness.faults import foreign_root
from harness.faults.foreign_root import ForeignRoot
from harness.mesh import Mesh
from harness.tests.fakes import FakeKube, FakeMesh, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import multi_primary_two_networks
from harness.topology import Discovery, Root
from harness.trust import Authority

FAULT = ForeignRoot("west", "east")
MINE = Authority.make()


def furnished(*roots: str, authority: Authority | None = MINE, revision: str = "") -> FakeMesh:
    """Return a mesh whose clusters hand out these roots."""
    topology = multi_primary_two_networks(
        root=Root.SHARED, discovery=Discovery.GLOBAL_NAMES, revision=revision
    )
    fake = fake_mesh(topology, authority=authority)
    for kube, root in zip(fake.kubes.values(), roots, strict=False):
        kube.hold("ConfigMap", "istio-ca-root-cert", "foo", data={"root-cert.pem": root})
    return fake


@pytest.fixture
def restarted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Return what was restarted: cluster, Deployment and namespace.

    An istiod that starts hands out the root that it finds, as real ones do.
    """
    done: list[tuple[str, str, str]] = []

    def note(mesh: Mesh, cluster: str, deployment: str, namespace: str) -> None:
        done.append((cluster, deployment, namespace))
        if deployment.startswith("istiod"):
            kube = cast("FakeKube", mesh.kube(cluster))
            secret = kube.objects["Secret", "istio-system", "cacerts"]["stringData"]
            hand_out(kube, secret["root-cert.pem"], mesh.topology.revision)

    monkeypatch.setattr(foreign_root, "restart", note)
    return done


NAMESPACES = ("istio-system", "foo", "bar")


def hand_out(kube: FakeKube, root: str, revision: str = "", *, to: str = "") -> None:
    """Have all namespaces and the injector know this root, or only the one that is named."""
    for namespace in (to,) if to else NAMESPACES:
        kube.hold("ConfigMap", "istio-ca-root-cert", namespace, data={"root-cert.pem": root})
    if to:
        return
    bundle = b64encode(root.encode()).decode()
    name = f"istio-sidecar-injector{'-' if revision else ''}{revision}"
    webhook = {"clientConfig": {"caBundle": bundle}}
    kube.hold("MutatingWebhookConfiguration", name, webhooks=[webhook, webhook])


def root_in(fake: FakeMesh, cluster: str) -> str:
    """Return the root of a cluster's cacerts."""
    secret = fake.kubes[cluster].objects["Secret", "istio-system", "cacerts"]
    return str(secret["stringData"]["root-cert.pem"])


@pytest.mark.parametrize(("istiod", "revision"), [("istiod", ""), ("istiod-rev", "rev")])
def test_the_cluster_signs_with_another_root(
    restarted: list[tuple[str, str, str]], istiod: str, revision: str
) -> None:
    """It is read when istiod starts; gateway and workloads carry it once they begin anew."""
    fake = furnished(revision=revision)

    FAULT.inject(fake.mesh)

    assert MINE.pem != root_in(fake, "west")
    assert [
        ("west", istiod, "istio-system"),
        ("west", "istio-eastwestgateway", "istio-system"),
        ("west", "sleep", "foo"),
        ("west", "httpbin", "bar"),
    ] == restarted
    assert [] == fake.kubes["east"].calls


def test_healing_signs_with_the_meshs_own_root(restarted: list[tuple[str, str, str]]) -> None:
    """The root is the shared one again, and all that carried the other begins anew."""
    fake = furnished()
    FAULT.inject(fake.mesh)
    restarted.clear()

    FAULT.heal(fake.mesh)

    assert MINE.pem.strip() == root_in(fake, "west").strip()
    assert len(restarted) == 4


@pytest.mark.parametrize("late", [*NAMESPACES, "istio-sidecar-injector"])
def test_pods_begin_anew_only_when_the_new_root_is_everywhere(
    monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    """A pod made before its namespace and the injector know the root would never be ready."""
    done: list[str] = []
    fake = furnished()
    west = fake.kubes["west"]

    def note(_mesh: Mesh, _cluster: str, deployment: str, _namespace: str) -> None:
        done.append(deployment)
        hand_out(west, root_in(fake, "west"))
        if late in NAMESPACES:
            hand_out(west, MINE.pem, to=late)
        else:
            west.delete("MutatingWebhookConfiguration", late)

    monkeypatch.setattr(foreign_root, "restart", note)

    told = first_look(lambda: FAULT.inject(fake.mesh))

    assert late in told
    assert ["istiod"] == done


def test_a_mesh_without_a_shared_root_cannot_be_healed() -> None:
    """There is nothing to go back to, and nothing is changed."""
    fake = furnished(authority=None)

    with pytest.raises(HarnessError, match="it has no shared root to go back to"):
        FAULT.heal(fake.mesh)

    assert [] == fake.kubes["west"].calls


def test_it_is_broken_where_the_clusters_hand_out_different_roots() -> None:
    """Each of the two states is told apart from the other."""
    FAULT.witness(furnished("one", "two").mesh)
    FAULT.healed(furnished("one", "one").mesh)
    with pytest.raises(NotYet, match="both clusters hand out one root"):
        FAULT.witness(furnished("one", "one").mesh)
    with pytest.raises(NotYet, match="the roots differ"):
        FAULT.healed(furnished("one", "two").mesh)


def test_clusters_without_roots_are_neither_broken_nor_whole() -> None:
    """No root is not the same root: nothing is known before both hand one out."""
    mesh = furnished().mesh

    for seen in (FAULT.witness, FAULT.healed):
        with pytest.raises(NotYet, match="west and east hands out no root"):
            seen(mesh)


def test_it_is_told_by_its_cluster() -> None:
    """The record names the fault and where it is."""
    assert "foreign root in west" == str(FAULT)
