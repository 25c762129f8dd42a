from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
import pytest

from harness.topology import KeyType
from harness.trust import Authority, CaCerts

SPIFFE = "spiffe://cluster.local/ns/sample/sa/sleep"


@pytest.fixture(scope="module", params=KeyType)
def root(request: pytest.FixtureRequest) -> Authority:
    """A root of each kind of key; one for all tests, since an RSA key takes half a second."""
    return Authority.make(request.param)


@pytest.fixture(scope="module")
def cacerts(root: Authority) -> CaCerts:
    """What one cluster of that root signs with."""
    return root.intermediate("cluster1")


def certificate(pem: str) -> x509.Certificate:
    """Return the first certificate of a PEM text."""
    return x509.load_pem_x509_certificate(pem.encode())


def leaf(cacerts: CaCerts, identity: str = SPIFFE) -> x509.Certificate:
    """Sign a workload's certificate as istiod does: no subject, the identity as a URI."""
    key = serialization.load_pem_private_key(cacerts.ca_key.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    issuer = certificate(cacerts.ca_cert)
    now = datetime.now(UTC)
    above = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=2))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity)]), critical=True
        )
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
            ),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above), critical=False
        )
    )
    return builder.sign(key, hashes.SHA256())


def verified(peer: x509.Certificate, cacerts: CaCerts, root_cert: str) -> list[str]:
    """Return the identities of a peer whom the root vouches for through the intermediate."""
    store = verification.Store([certificate(root_cert)])
    verifier = verification.PolicyBuilder().store(store).build_client_verifier()
    subjects = verifier.verify(peer, [certificate(cacerts.ca_cert)]).subjects
    return [str(each.value) for each in subjects or []]


def test_a_workload_of_any_cluster_is_trusted_by_the_root(
    root: Authority, cacerts: CaCerts
) -> None:
    """SPIFFE leaves signed by two clusters' intermediates verify against the one root."""
    other = root.intermediate("cluster2")
    assert other.root_cert == cacerts.root_cert
    assert verified(leaf(cacerts), cacerts, root.pem) == [SPIFFE]
    assert verified(leaf(other), other, root.pem) == [SPIFFE]


def test_a_workload_of_another_root_is_not_trusted(cacerts: CaCerts) -> None:
    """A leaf whose intermediate another root signed does not verify."""
    with pytest.raises(verification.VerificationError):
        verified(leaf(cacerts), cacerts, Authority.make().pem)


def test_an_intermediate_signs_no_further_authority(root: Authority, cacerts: CaCerts) -> None:
    """The path length of 0 ends the chain: an authority below the intermediate is not believed."""
    key = serialization.load_pem_private_key(cacerts.ca_key.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    below = Authority(certificate(cacerts.ca_cert), KeyType.EC, key).intermediate("cluster9")
    store = verification.Store([root.certificate])
    verifier = verification.PolicyBuilder().store(store).build_client_verifier()
    chain = [certificate(below.ca_cert), certificate(cacerts.ca_cert)]
    with pytest.raises(verification.VerificationError):
        verifier.verify(leaf(below), chain)


def test_the_intermediate_is_what_istiod_expects(root: Authority, cacerts: CaCerts) -> None:
    """Its constraints are critical, it names istiod and its cluster, and the root issued it."""
    made = certificate(cacerts.ca_cert)
    made.verify_directly_issued_by(root.certificate)
    basic = made.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert (basic.value.ca, basic.value.path_length) == (True, 0)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.key_cert_sign
    assert usage.value.crl_sign
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["istiod.istio-system.svc"]
    assert [each.value for each in made.subject.get_attributes_for_oid(NameOID.LOCALITY_NAME)] == [
        "cluster1"
    ]


def test_validity_begins_a_little_before_now(root: Authority, cacerts: CaCerts) -> None:
    """Clocks may differ by five minutes; the root lasts ten years, the intermediate two."""
    now = datetime.now(UTC)
    for made, days in ((root.certificate, 3650), (certificate(cacerts.ca_cert), 730)):
        age = now - made.not_valid_before_utc
        assert timedelta(minutes=5) <= age < timedelta(minutes=10)
        left = made.not_valid_after_utc - now
        assert timedelta(days=days - 1) < left <= timedelta(days=days)


def test_the_kind_of_key_is_the_one_asked_for(root: Authority, cacerts: CaCerts) -> None:
    """EC means P-256, RSA means 4096 bits, for the root and for the intermediate."""
    for made in (root.certificate, certificate(cacerts.ca_cert)):
        match made.public_key():
            case rsa.RSAPublicKey() as key:
                assert (root.key_type, key.key_size) == (KeyType.RSA, 4096)
            case ec.EllipticCurvePublicKey() as key:
                assert (root.key_type, key.curve.name) == (KeyType.EC, "secp256r1")
            case other:
                pytest.fail(f"an unexpected key: {other}")


def test_the_files_are_those_of_the_secret(root: Authority, cacerts: CaCerts) -> None:
    """Secret `cacerts` has four keys; the chain is the intermediate, then the root."""
    assert cacerts.files == {
        "ca-cert.pem": cacerts.ca_cert,
        "ca-key.pem": cacerts.ca_key,
        "root-cert.pem": root.pem,
        "cert-chain.pem": cacerts.ca_cert + root.pem,
    }
    key = serialization.load_pem_private_key(cacerts.ca_key.encode(), None)
    assert key.public_key() == certificate(cacerts.ca_cert).public_key()


def test_keys_are_never_shown(root: Authority, cacerts: CaCerts) -> None:
    """Neither value tells its key when it is printed, formatted or part of a message."""
    body = cacerts.ca_key.splitlines()[1]
    for shown in (repr(cacerts), str(cacerts), f"{cacerts}", repr([cacerts]), repr(root)):
        assert "PRIVATE" not in shown
        assert body not in shown
        assert "_key" not in shown


def test_every_root_and_intermediate_is_new(root: Authority, cacerts: CaCerts) -> None:
    """Nothing is made twice: the same cluster asked again gets another key and serial number."""
    again = root.intermediate("cluster1")
    assert again.ca_key != cacerts.ca_key
    assert again.ca_cert != cacerts.ca_cert
