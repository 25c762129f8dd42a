"""Takes secrets out of texts: by their forms, and by the values that the clusters' Secrets hold.

Pure. A form is a private key (PEM, or its bare encoding), a JSON web token, the credentials of a
kubeconfig, what follows the name of a password; each also in base64, however often. Certificates
and public keys stay: a maintainer compares them.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
import json
import re
from typing import Any

WITHHELD = "(withheld)"
SHORTEST = 8
"""Characters of a value that is looked for wherever it stands; shorter ones are words."""

_FORMS = (
    re.compile(
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----"
        r"(?:.{0,20000}?-----END [A-Z0-9 ]*PRIVATE KEY-----|(?:\\[nr]|[\w+/=\s])*)",
        re.DOTALL,
    ),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"),
)
_FIELDS = (
    re.compile(r"(?i)(\bbearer\s+)[\w.~+/=-]{12,}"),
    re.compile(r"(?i)(\bauthorization\\?[\"']?\s*[:=]\s*\\?[\"']?basic\s+)[\w+/=]+"),
    re.compile(
        r"(?i)(\b(?:client-key-data|client-certificate-data|[\w-]*passw(?:or)?d|ca-key\.pem|tls\.key"
        r"|secret[_-]?key|api[_-]?key|client[_-]?secret)\\?[\"']?\s*[:=][ \t]*\\?[\"']?)"
        r"[^\s\"',}{\[\\]+"
    ),
    re.compile(r"(?i)(\b(?:\w+[_-])?token\\?[\"']?\s*[:=][ \t]*\\?[\"']?)[\w.~+/=-]{16,}"),
)
_END = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY-----")
_BODY = re.compile(r"[\w+/]{4,}={0,2}\s*$")
_ENCODED = re.compile(
    # one word, or lines that `base64` has wrapped
    r"[A-Za-z0-9+/_-]{48,}={0,2}(?:[ \t]*\r?\n[ \t]*[A-Za-z0-9+/]+={0,2}(?=[ \t]*\r?(?:\n|\Z)))*"
)
_LOOKS_SECRET = re.compile(
    r"(?i)(?:passw|token|secret|credential|private|api_?key)(?!.*_(?:path|file|dir|name|ttl)$)"
)
_NAMES_ONLY = ("namespace", "ca.crt", "root-cert.pem", "cert-chain.pem", "ca-cert.pem", "tls.crt")
"""Keys of a Secret whose values are public."""


@dataclass(frozen=True, slots=True)
class Redactor:
    """Withholds secrets by form, and these values wherever they stand."""

    values: tuple[str, ...] = ()

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for value in self.values:
            text = text.replace(value, WITHHELD)
        return by_form(text)


def by_form(text: str) -> str:
    """Return the text with whatever has the form of a secret withheld."""
    for form in _FORMS:
        text = form.sub(WITHHELD, text)
    text = _without_tails(text)
    for field in _FIELDS:
        text = field.sub(rf"\1{WITHHELD}", text)
    return _ENCODED.sub(_unless_secret, text)


def values_of(secrets: Iterable[Mapping[str, Any]], *, known: Iterable[str] = ()) -> Redactor:
    """Return what withholds every value of these Secrets, as it stands there and decoded.

    What is public stays: certificates, and the names in `known` (namespaces, clusters).
    """
    names, found = set(known), set[str]()
    for secret in secrets:
        for key, encoded in (secret.get("data") or {}).items():
            text = _decoded(encoded)
            if key in _NAMES_ONLY or text is None:
                continue
            plain = text.strip()
            if len(plain) >= SHORTEST and plain not in names and not _is_public(plain):
                found |= {plain, json.dumps(plain)[1:-1], encoded}
    return Redactor(tuple(sorted(found, key=lambda value: (-len(value), value))))


def bare(each: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without what is noise or may hold a secret: who managed or applied it.

    Values of Secrets, environment variables named like one, and kubeconfigs are withheld.
    """
    copy = json.loads(json.dumps(each))
    metadata = copy.get("metadata", {})
    metadata.pop("managedFields", None)
    metadata.get("annotations", {}).pop("kubectl.kubernetes.io/last-applied-configuration", None)
    for variable in _variables(copy):
        if _LOOKS_SECRET.search(str(variable.get("name", ""))) and "value" in variable:
            variable["value"] = WITHHELD
    if copy.get("kind") == "Secret":
        copy["data"] = dict.fromkeys(copy.get("data") or {}, WITHHELD)
    for key, value in copy.get("data", {}).items() if copy.get("kind") == "ConfigMap" else ():
        if isinstance(value, str) and "users:" in value and "clusters:" in value:
            copy["data"][key] = f"{WITHHELD}: a kubeconfig"
    return dict(copy)


def _variables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _variables(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == "env" and isinstance(each, list):
                yield from (one for one in each if isinstance(one, dict))
            yield from _variables(each)


def _unless_secret(found: re.Match[str]) -> str:
    raw = _raw(found[0])
    if raw is None:
        return found[0]
    if _is_private_key(raw):
        return WITHHELD
    text = raw.decode("latin-1")
    return WITHHELD if by_form(text) != text else found[0]


def _without_tails(text: str) -> str:
    """Withhold keys whose beginning is lost: the tail of a log may begin in the middle of one."""
    if not _END.search(text):
        return text
    kept: list[str] = []
    for line in text.splitlines(keepends=True):
        if found := _END.search(line):
            while kept and _BODY.search(kept[-1]):
                kept.pop()
            kept.append(f"{WITHHELD}{line[found.end() :]}")
        else:
            kept.append(line)
    return "".join(kept)


def _is_private_key(raw: bytes) -> bool:
    """Whether it is a private key in DER: a sequence that begins with version 0 or 1."""
    if len(raw) < 32 or raw[0] != 0x30:  # noqa: PLR2004  # shorter than any key; DER's SEQUENCE
        return False
    # a length below 128 is one byte, a longer one says first of how many bytes it is
    head = 2 + (raw[1] & 0x7F if raw[1] & 0x80 else 0)
    return raw[head : head + 3] in (b"\x02\x01\x00", b"\x02\x01\x01")


def _raw(encoded: str) -> bytes | None:
    word = "".join(encoded.split()).rstrip("=").replace("-", "+").replace("_", "/")
    # one character left over is no base64: the word was cut there
    word = word[: len(word) - (len(word) % 4 == 1)]
    try:
        return b64decode(word + "=" * (-len(word) % 4))
    except (NotBase64, ValueError):
        return None


def _decoded(encoded: Any) -> str | None:
    try:
        return b64decode(str(encoded), validate=True).decode()
    except (NotBase64, ValueError):
        return None


def _is_public(text: str) -> bool:
    return text.startswith("-----BEGIN CERTIFICATE") and "PRIVATE KEY" not in text
