import pytest

from harness.errors import HarnessError
from harness.steps.trust import PlaceCertificates, cacerts
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import multi_primary
from harness.topology import Root
from harness.trust import Authority, CaCerts


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Return the shared root of a mesh."""
    return Authority.make()


def furnished(authority: Authority | None) -> FakeMesh:
    """Return a mesh with this authority."""
    return fake_mesh(multi_primary(root=Root.SHARED), authority=authority)


def placed(fake: FakeMesh, cluster: str) -> dict[str, str]:
    """Return the files of a cluster's cacerts."""
    files: dict[str, str] = fake.kubes[cluster].objects["Secret", "istio-system", "cacerts"][
        "stringData"
    ]
    return files


def test_each_primary_signs_with_an_intermediate_of_one_root(authority: Authority) -> None:
    """The root certificate is the same everywhere, the authority's own is each cluster's own."""
    fake = furnished(authority)

    for name in ("east", "west"):
        PlaceCertificates(name)(fake.mesh)

    east, west = placed(fake, "east"), placed(fake, "west")
    assert {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"} == set(east)
    assert east["root-cert.pem"] == west["root-cert.pem"]
    assert east["ca-cert.pem"] != west["ca-cert.pem"]
    assert east["ca-key.pem"] != west["ca-key.pem"]


def test_certificates_that_are_there_already_stay(authority: Authority) -> None:
    """What istiod has signed with them must stay valid: placing twice changes nothing."""
    fake = furnished(authority)
    PlaceCertificates("east")(fake.mesh)
    before = dict(placed(fake, "east"))

    PlaceCertificates("east")(fake.mesh)

    assert before == placed(fake, "east")


def test_a_mesh_without_an_authority_is_a_bug_of_ours() -> None:
    """A shared root that nobody made is told by the topology's name; nothing is placed."""
    fake = furnished(None)

    with pytest.raises(HarnessError, match="multi-primary: it wants a shared root"):
        PlaceCertificates("east")(fake.mesh)

    assert [] == fake.kubes["east"].calls


def test_istiod_finds_the_files_under_the_name_it_reads(authority: Authority) -> None:
    """Secret cacerts of istio-system, as the documents name it."""
    certificates: CaCerts = authority.intermediate("east")

    secret = cacerts(certificates)

    assert ("Secret", {"name": "cacerts", "namespace": "istio-system"}) == (
        secret["kind"],
        secret["metadata"],
    )
    assert certificates.files == secret["stringData"]
