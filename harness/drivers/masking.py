"""Takes secrets out of whatever is written down: command lines, output, objects.

It recognises forms, not values: private keys, bearer tokens, the credentials of a kubeconfig and
the data of a Secret.
"""

from collections.abc import Iterable, Mapping
import re
from typing import Any

WITHHELD = "(withheld)"

_key_block = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?(-----END \1-----|\Z)", re.DOTALL)
_json_web_token = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_bearer = re.compile(r"(?i)\b(bearer\s+)[^\s\"']+")
_field = re.compile(
    r"(?im)(\"?\b(?:client-key-data|client-certificate-data|token|password|ca-key\.pem)\"?\s*[:=]\s*)"
    r"(\"[^\"]*\"|[^\s,}]+)"
)
_option = re.compile(r"(?i)(--(?:token|password)[= ])\S+")
_secret_object = re.compile(r"(?m)\bkind\"?:\s*\"?Secret\b")


def masked(text: str) -> str:
    """Return the text with every private key, token and password of a known form withheld."""
    text = _key_block.sub(WITHHELD, text)
    text = _json_web_token.sub(WITHHELD, text)
    text = _bearer.sub(rf"\1{WITHHELD}", text)
    text = _option.sub(rf"\1{WITHHELD}", text)
    return _field.sub(rf"\1{WITHHELD}", text)


def masked_argv(argv: Iterable[str]) -> tuple[str, ...]:
    """Return an argument list without secrets, also where an option and its value are apart."""
    found: list[str] = []
    for word in argv:
        after_option = bool(found) and found[-1] in {"--token", "--password"}
        found.append(WITHHELD if after_option else masked(word))
    return tuple(found)


def holds_secret(text: str) -> bool:
    """Whether the text holds a Secret object or something that `masked` would withhold."""
    return bool(_secret_object.search(text)) or masked(text) != text


def redacted(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object with the values of a Secret withheld; its keys stay."""
    copy = dict(manifest)
    if copy.get("kind") == "Secret":
        for part in ("data", "stringData"):
            if copy.get(part):
                copy[part] = dict.fromkeys(copy[part], WITHHELD)
    return copy
