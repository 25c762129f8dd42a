from base64 import b64encode, encodebytes
from collections.abc import Callable
import json
import re
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
import yaml

from harness.dump.redact import WITHHELD, Redactor, bare, by_form, values_of
from harness.trust import Authority

JWT = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzIiwic3ViIjoic3lzdGVtIn0."
    "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
)
KEYS: dict[str, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey] = {
    "ec": ec.generate_private_key(ec.SECP256R1()),
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


def pem(kind: str, form: serialization.PrivateFormat) -> str:
    """Return a private key as PEM."""
    nothing = serialization.NoEncryption()
    return KEYS[kind].private_bytes(serialization.Encoding.PEM, form, nothing).decode()


PEMS = [
    pem(kind, form)
    for kind in KEYS
    for form in (
        serialization.PrivateFormat.PKCS8,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.PrivateFormat.OpenSSH,
    )
]
CERTIFICATE = Authority.make().pem


def body(key: str) -> list[str]:
    """Return the lines of a key between its first and its last."""
    return key.strip().splitlines()[1:-1]


def leaks(key: str, text: str) -> list[str]:
    """Return the lines of a key that stand in a text, however the text is wrapped."""
    dense = re.sub(r"\s|\\n", "", text)
    encoded = b64encode(key.encode()).decode()
    pieces = [*body(key), *(encoded[at : at + 48] for at in range(0, len(encoded) - 48, 48))]
    return [line for line in pieces if line in dense]


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda key: key,
    "indented": lambda key: "".join(f"      {line}\n" for line in key.splitlines()),
    "on one line of JSON": lambda key: json.dumps({"msg": f"loaded {key}", "level": "info"}),
    "without its end": lambda key: key[:-40],
    "without its beginning": lambda key: key[40:],
    "in base64": lambda key: f"data: {b64encode(key.encode()).decode()}",
    "in base64, wrapped": lambda key: encodebytes(key.encode()).decode(),
    "in base64, wrapped, its beginning lost": lambda key: encodebytes(key.encode()).decode()[77:],
    "in base64 twice": lambda key: b64encode(b64encode(key.encode())).decode(),
    "in base64 after a certificate": lambda key: b64encode((CERTIFICATE + key).encode()).decode(),
    "bare": lambda key: f"key {''.join(body(key))} read",
}


@pytest.mark.parametrize(
    ("way", "key"),
    [
        pytest.param(way, key, id=f"{number}-{way}")
        for number, key in enumerate(PEMS)
        for way in WAYS
        # OpenSSH's own form has no meaning without its first line
        if not (way == "bare" and "OPENSSH" in key)
    ],
)
def test_a_private_key_is_withheld(way: str, key: str) -> None:
    """However it is written, no line of it is left, and what stands around it is."""
    text = by_form(f"before it\n{WAYS[way](key)}\n(after it, too)\n")

    assert leaks(key, text) == []
    assert WITHHELD in text
    assert text.startswith("before it\n")
    assert text.endswith("(after it, too)\n")


def test_a_certificate_stays() -> None:
    """What is public is compared by a maintainer: as PEM, in base64, in JSON."""
    encoded = b64encode(CERTIFICATE.encode()).decode()
    for text in (CERTIFICATE, encoded, json.dumps({"inline_bytes": encoded, "pem": CERTIFICATE})):
        assert by_form(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Authorization: Bearer {JWT} sent", "Authorization: Bearer (withheld) sent"),
        (f'"id": "{JWT}"', '"id": "(withheld)"'),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic (withheld)"),
        ("curl -H 'Bearer 0123456789abcdef'", "curl -H 'Bearer (withheld)'"),
        ("--token=abcdef.0123456789abcdef x", "--token=(withheld) x"),
        ('{"token":"abcdef.0123456789abcdef"}', '{"token":"(withheld)"}'),
        ('{\\"token\\":\\"abcdef.0123456789abcdef\\"}', '{\\"token\\":\\"(withheld)\\"}'),
        ("    client-key-data: QUJDREVGRw==", "    client-key-data: (withheld)"),
        ("password: hunter2", "password: (withheld)"),
        ("DB_PASSWORD=hunter2 started", "DB_PASSWORD=(withheld) started"),
    ],
)
def test_credentials_are_withheld(text: str, left: str) -> None:
    """The name of what was there stays: it says that something was given."""
    assert left == by_form(text)


@pytest.mark.parametrize(
    "text",
    [
        "mountPath: /var/run/secrets/tokens\nname: istio-token",
        "automountServiceAccountToken: true",
        "    - serviceAccountToken:\n        expirationSeconds: 43200\n        path: istio-token",
        'client claims to be in cluster "cluster2", but we only know about local cluster',
        "outbound|8000||httpbin.sample.svc.cluster.local::10.20.0.6:8080::health_flags::healthy",
        "Post https://istiod.istio-system.svc:443/inject/cluster/cluster2/net/network1?timeout=10s",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "image: docker.io/istio/proxyv2@sha256:" + "ab" * 32,
    ],
)
def test_what_a_maintainer_reads_stays(text: str) -> None:
    """Words that only sound like a secret are none."""
    assert by_form(text) == text


def test_a_kubeconfig_in_base64_is_withheld() -> None:
    """It holds a token, or a key that is in base64 itself."""
    for user in ({"token": JWT}, {"client-key-data": b64encode(PEMS[0].encode()).decode()}):
        text = yaml.safe_dump({"users": [{"name": "x", "user": user}], "current-context": "x"})
        encoded = b64encode(text.encode()).decode()
        assert f"kubeconfig: {WITHHELD}" == by_form(f"kubeconfig: {encoded}")


def secret(**values: str) -> dict[str, Any]:
    """Return a Secret of these values."""
    data = {key: b64encode(value.encode()).decode() for key, value in values.items()}
    return {"kind": "Secret", "metadata": {"name": "x"}, "data": data}


def test_values_of_secrets_are_withheld_wherever_they_stand() -> None:
    """They have no form of their own, so the values themselves are looked for."""
    redact = values_of([secret(word="correct horse", two="line one\nline two")])

    said = redact(
        'it is correct horse; {"a": "line one\\nline two"}; '
        f"{b64encode(b'correct horse').decode()}; line one\nline two"
    )

    assert f'it is {WITHHELD}; {{"a": "{WITHHELD}"}}; {WITHHELD}; {WITHHELD}' == said


def test_public_values_of_secrets_stay() -> None:
    """Names, certificates and short words would take the sense out of every text."""
    held = secret(namespace="istio-system", yes="true", cert=CERTIFICATE, where="cluster-of-mine")
    redact = values_of([held], known=["cluster-of-mine"])

    assert Redactor() == redact


def test_a_value_that_is_no_text_is_looked_for_by_its_form_alone() -> None:
    """Binary data cannot stand in a text; a Secret without data has nothing."""
    held: dict[str, Any] = {
        "metadata": {},
        "data": {"x": b64encode(b"\xff\xfe\x00\x01" * 9).decode()},
    }

    nothing: dict[str, Any] = {"metadata": {}}
    assert values_of([held, nothing]) == Redactor()


def test_an_object_is_bare_of_noise_and_of_secrets() -> None:
    """Who managed it, what was applied, variables that sound secret, kubeconfigs, Secrets."""
    applied = {"kubectl.kubernetes.io/last-applied-configuration": "{}", "kept": "yes"}
    env = [
        {"name": "DB_PASSWORD", "value": "hunter2"},
        {"name": "SECRET_KEY_PATH", "value": "/etc/key"},
        {"name": "API_TOKEN", "valueFrom": {"secretKeyRef": {"name": "x"}}},
    ]
    pod: dict[str, Any] = {
        "kind": "Pod",
        "metadata": {"name": "x", "managedFields": [1], "annotations": applied},
        "spec": {"containers": [{"name": "a", "env": env}]},
    }

    left = bare(pod)

    assert {"name": "x", "annotations": {"kept": "yes"}} == left["metadata"]
    assert [WITHHELD, "/etc/key"] == [
        each["value"] for each in left["spec"]["containers"][0]["env"] if "value" in each
    ]
    assert pod["metadata"]["managedFields"] == [1], "what was given is not changed"
    config = {"kind": "ConfigMap", "metadata": {}, "data": {"k": "clusters: []\nusers: []"}}
    assert f"{WITHHELD}: a kubeconfig" == bare(config)["data"]["k"]
    assert {"word": WITHHELD} == bare(secret(word="x"))["data"]


@settings(deadline=None, max_examples=60)
@given(st.text(), st.text(), st.sampled_from(PEMS))
def test_no_surroundings_let_a_key_through(before: str, after: str, key: str) -> None:
    """Whatever stands around it, no line of a key is left."""
    assert leaks(key, by_form(f"{before}\n{key}\n{after}")) == []


def test_a_large_text_is_quickly_done() -> None:
    """A configuration of a megabyte with certificates in it takes well below a second."""
    from time import perf_counter  # noqa: PLC0415

    certificate = b64encode(CERTIFICATE.encode()).decode()
    text = json.dumps([{"name": f"outbound|{n}||x", "tls": certificate} for n in range(1000)])
    began = perf_counter()
    assert by_form(text) == text
    assert perf_counter() - began < 5
