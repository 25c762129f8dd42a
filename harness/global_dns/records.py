"""What ServiceEntries say of names below a zone: which addresses each of them has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
import re
from typing import Any

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})*")


@dataclass(frozen=True, slots=True)
class Records:
    """Names, lower-case and without a last dot, and the IPv4 addresses each is answered with.

    A name that begins with `*.` stands for every name below it, at any depth, and not for itself.
    `skipped` says in a sentence each what was left out, and why.
    """

    zone: str
    names: Mapping[str, tuple[IPv4Address, ...]]
    skipped: tuple[str, ...] = ()


def records(entries: Iterable[Mapping[str, Any]], zone: str = "global") -> Records:
    """Return what the ServiceEntries say of the zone's names.

    As istiocoredns did: an entry without addresses or with resolution NONE says nothing, and of its
    addresses only single IPv4 ones count. Where two entries name one host, the older one holds.
    """
    names: dict[str, tuple[IPv4Address, ...]] = {}
    skipped: list[str] = []
    for entry in sorted(entries, key=_age):
        addresses, whys = _addresses(entry["spec"])
        skipped += [f"{_title(entry)}: {why}" for why in whys]
        for host in entry["spec"].get("hosts", ()) if addresses else ():
            name = host.lower().rstrip(".")
            if why := _why_not(name, zone) or ("an older entry has it" if name in names else ""):
                skipped.append(f"{_title(entry)}: host '{host}' is left out: {why}")
            else:
                names[name] = addresses
    return Records(zone, names, tuple(skipped))


def _age(entry: Mapping[str, Any]) -> tuple[str, str]:
    # an entry that is not applied yet has no time, and comes after those that are
    return entry["metadata"].get("creationTimestamp") or "9999", _title(entry)


def _title(entry: Mapping[str, Any]) -> str:
    metadata = entry["metadata"]
    return f"ServiceEntry {metadata.get('namespace', 'default')}/{metadata['name']}"


def _addresses(spec: Mapping[str, Any]) -> tuple[tuple[IPv4Address, ...], list[str]]:
    if spec.get("resolution", "NONE") == "NONE":
        return (), ["its resolution is NONE"]
    single = list(_single(spec.get("addresses") or ()))
    whys = [f"'{text}' is no single IPv4 address" for text, address in single if address is None]
    addresses = tuple(dict.fromkeys(address for _, address in single if address is not None))
    if not addresses:
        whys.append("it has no address to answer with")
    return addresses, whys


def _single(texts: Iterable[str]) -> Iterator[tuple[str, IPv4Address | None]]:
    for text in texts:
        try:
            yield text, IPv4Address(text)
        except AddressValueError:
            yield text, None


def _why_not(name: str, zone: str) -> str:
    if not _HOST.fullmatch(name):
        return "it is no DNS name"
    if not name.endswith(f".{zone}"):
        return f"it is not below '{zone}'"
    return ""
