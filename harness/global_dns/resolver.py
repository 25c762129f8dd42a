"""The Corefile of a CoreDNS that answers for a zone, and for nothing else.

Only the `template` plugin answers. `hosts` would do for plain names, but it says SERVFAIL for a
name that it does not know, knows no wildcards, and comes after `template` whatever the file says.
No answer carries a SOA record, so that nobody remembers that a name was missing.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address
import re
from typing import Literal

from harness.global_dns.records import Records

ISTIOCOREDNS_TTL = 3600
"""What istiocoredns said; behind a stub with `cache 30` nobody saw more than 30 seconds of it."""

TTL = 5
"""What CoreDNS's cache keeps at least: a change is seen as soon as can be, with the TTL as said."""


def resolver_corefile(
    records: Records,
    *,
    ttl: int = TTL,
    port: int = 53,
    ready: str = ":8181",
    aaaa: Literal["NOERROR", "NXDOMAIN"] = "NOERROR",
) -> str:
    """Return a Corefile that answers the records' names with A records.

    Another type of a known name gets `aaaa` when it is AAAA, and else an empty answer; a name that
    is not known gets NXDOMAIN. `aaaa="NXDOMAIN"` is what istiocoredns said, which makes some
    clients give up on the name. The file is looked at again every 1.5 to 2.5 seconds.
    """
    lines = [f"{records.zone}:{port} {{", "    errors", f"    ready {ready}", "    reload 2s 1s"]
    if aaaa == "NXDOMAIN":
        lines += _template("AAAA", records.zone, rcode=aaaa)
    for name in sorted(records.names, key=_precedence):
        lines += _known(records.zone, name, records.names[name], ttl)
    lines += _template("ANY", records.zone, rcode="NXDOMAIN")
    return "\n".join([*lines, "}", ""])


def _precedence(name: str) -> tuple[bool, int, str]:
    """Exact names before wildcards, narrow wildcards before wide ones: the first match answers."""
    wildcard = name.startswith("*.")
    return wildcard, -name.count(".") if wildcard else 0, name


def _known(zone: str, name: str, addresses: tuple[IPv4Address, ...], ttl: int) -> Iterator[str]:
    match = re.escape(name.removeprefix("*."))
    match = rf"^.+\.{match}\.$" if name.startswith("*.") else rf"^{match}\.$"
    answers = [f"{{{{ .Name }}}} {ttl} IN A {address}" for address in addresses]
    yield from _template("A", zone, match=match, answers=answers)
    yield from _template("ANY", zone, match=match)


def _template(
    kind: str, zone: str, *, match: str = "", answers: list[str] | None = None, rcode: str = ""
) -> Iterator[str]:
    yield f"    template IN {kind} {zone} {{"
    if match:
        yield f'        match "{match}"'
    yield from (f'        answer "{answer}"' for answer in answers or ())
    if rcode:
        yield f"        rcode {rcode}"
    if match:
        yield "        fallthrough"
    yield "    }"
