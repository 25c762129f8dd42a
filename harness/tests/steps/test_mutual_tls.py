from harness.steps.mutual_tls import permit_plain_text, require_mutual_tls, strict
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import mixed
from harness.topology import Discovery


def test_strict_mutual_tls_holds_for_one_namespace() -> None:
    """The mode is STRICT, for the namespace and not for the mesh."""
    manifest = strict("sample")

    assert {"mtls": {"mode": "STRICT"}} == manifest["spec"]
    assert "sample" == manifest["metadata"]["namespace"]


def test_plain_text_is_refused_by_telling_every_primary() -> None:
    """Primaries read configuration, remotes do not: each primary is told, for the servers."""
    fake = fake_mesh(mixed(discovery=Discovery.GLOBAL_NAMES))

    require_mutual_tls(fake.mesh)

    applied = [("apply", "PeerAuthentication", "bar", "strict")]
    assert {"east": applied, "west": [], "north": applied} == {
        name: kube.calls for name, kube in fake.kubes.items()
    }


def test_what_was_refused_is_permitted_again() -> None:
    """The same object is deleted in every primary; twice is no error."""
    fake = fake_mesh(mixed())

    permit_plain_text(fake.mesh)
    permit_plain_text(fake.mesh)

    deleted = ("delete", "PeerAuthentication.security.istio.io/v1", "sample", "strict")
    assert {"east": [deleted] * 2, "west": [], "north": [deleted] * 2} == {
        name: kube.calls for name, kube in fake.kubes.items()
    }
