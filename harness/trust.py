"""One root, and an intermediate of it for each cluster: what Secret `cacerts` holds.

Keys and certificates are values here: nothing is written, and no cluster is touched.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from harness.errors import HarnessError
from harness.topology import KeyType

CLOCK_SKEW = timedelta(minutes=5)
"""How far back validity begins, for nodes whose clocks are behind."""
ROOT_LIFE = timedelta(days=3650)
INTERMEDIATE_LIFE = timedelta(days=730)
RSA_BITS = 4096
"""As in Istio's own certificate Makefile, for the root and the intermediates alike."""

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class CaCerts:
    """What one cluster's istiod signs with, as PEM; never shown with its key."""

    ca_cert: str
    ca_key: str = field(repr=False)
    root_cert: str
    cert_chain: str

    @property
    def files(self) -> dict[str, str]:
        """The keys and values of Secret `cacerts`, as istiod looks for them."""
        return {
            "ca-cert.pem": self.ca_cert,
            "ca-key.pem": self.ca_key,
            "root-cert.pem": self.root_cert,
            "cert-chain.pem": self.cert_chain,
        }


@dataclass(frozen=True, slots=True)
class Authority:
    """A root of trust that signs intermediates of its own kind of key."""

    certificate: x509.Certificate
    key_type: KeyType
    _key: _Key = field(repr=False, compare=False)

    @classmethod
    def make(cls, key_type: KeyType = KeyType.EC, *, now: datetime | None = None) -> "Authority":
        """Return a new root, valid for ten years from `now`."""
        key = _new_key(key_type)
        name = _name("Root CA")
        builder = _ca(name, name, key, path_length=None, now=now, life=ROOT_LIFE)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(own, critical=False)
        return cls(builder.sign(key, hashes.SHA256()), key_type, key)

    @classmethod
    def load(cls, text: str) -> "Authority":
        """Return the root that `private_pem` wrote."""
        key = serialization.load_pem_private_key(text.encode(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise HarnessError(f"a root with a key of kind {type(key).__name__}: only EC and RSA")
        kind = KeyType.EC if isinstance(key, ec.EllipticCurvePrivateKey) else KeyType.RSA
        return cls(x509.load_pem_x509_certificate(text.encode()), kind, key)

    @property
    def private_pem(self) -> str:
        """The root's certificate and key: for a file that only its owner reads."""
        return self.pem + _private_pem(self._key)

    @property
    def pem(self) -> str:
        """The root's certificate."""
        return _pem(self.certificate)

    def intermediate(self, cluster: str, *, now: datetime | None = None) -> CaCerts:
        """Return what the cluster's istiod signs with: a new intermediate, valid for two years."""
        key = _new_key(self.key_type)
        subject = _name("Intermediate CA", cluster)
        issuer = self.certificate.subject
        builder = _ca(subject, issuer, key, path_length=0, now=now, life=INTERMEDIATE_LIFE)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        above = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above.value)
        istiod = x509.SubjectAlternativeName([x509.DNSName("istiod.istio-system.svc")])
        for extension in (own, authority, istiod):
            builder = builder.add_extension(extension, critical=False)
        certificate = _pem(builder.sign(self._key, hashes.SHA256()))
        return CaCerts(
            ca_cert=certificate,
            ca_key=_private_pem(key),
            root_cert=self.pem,
            cert_chain=certificate + self.pem,
        )


def _new_key(key_type: KeyType) -> _Key:
    if key_type is KeyType.RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def _name(common: str, cluster: str = "") -> x509.Name:
    parts = [(NameOID.ORGANIZATION_NAME, "meshproof"), (NameOID.COMMON_NAME, common)]
    if cluster:
        parts.append((NameOID.LOCALITY_NAME, cluster))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def _ca(  # noqa: PLR0913  # the fields of a certificate
    subject: x509.Name,
    issuer: x509.Name,
    key: _Key,
    *,
    path_length: int | None,
    now: datetime | None,
    life: timedelta,
) -> x509.CertificateBuilder:
    now = now or datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
    )


def _private_pem(key: _Key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),  # istiod reads no other
    ).decode()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
