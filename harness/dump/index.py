"""What a dump is made of, piece by piece: for programs as JSON, for readers as a page. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
import json


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece: how long it took, how much came of it, and why it is missing or cut."""

    cluster: str
    piece: str
    seconds: float
    bytes: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """A whole dump."""

    topology: str
    cause: str
    """What was red, in its own words."""
    seconds: float
    bytes: int
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> tuple[Entry, ...]:
        """The pieces that could not be had whole."""
        return tuple(each for each in self.entries if each.error)


def to_json(index: Index) -> str:
    """Return the index for programs."""
    return json.dumps(asdict(index), indent=1) + "\n"


_FIRST = (
    ("remote-clusters.txt", "which clusters the primary's istiod watches, and whether it may"),
    ("proxy-status.txt", "which proxies it serves, and what they have taken"),
    ("workloads.txt, pods.txt", "what runs, what does not, and why"),
    ("events.txt", "what Kubernetes tried, the latest last"),
    ("services.txt, endpointslices.txt", "addresses: pending ones, empty ones"),
    ("istio.txt, istio.yaml", "Gateways, VirtualServices, DestinationRules and their like"),
    ("namespaces.txt", "labels: the network, injection, who controls"),
    ("secrets.txt", "names, types and keys of Secrets; no value is in a dump"),
    ("logs/", "istiod, gateways, sleep and httpbin with their proxies, CoreDNS, MetalLB"),
    ("proxies/", "`istioctl proxy-config endpoints --file clusters.json` answers from them,"),
    ("proxies/", "and `clusters`, `listeners`, `routes`, `secret` from `config_dump.json`"),
)


def page(index: Index, glance: Sequence[tuple[str, str]]) -> str:
    """Return the page to begin with; `glance` is a few titled lists from all clusters."""
    parts = [f"# What {index.topology} looked like{' when it was red' if index.cause else ''}\n"]
    if index.cause:
        parts.append(f"```text\n{index.cause.strip()}\n```\n")
    pieces = f"{len(index.entries)} pieces, {index.bytes} bytes, gathered in {index.seconds:.1f} s"
    parts.append(f"{pieces}; what each came to is in index.json.\n")
    if index.missing:
        lines = [f"- {each.cluster}/{each.piece}: {each.error}" for each in index.missing]
        parts.append("## Missing or cut\n\n" + "\n".join(lines) + "\n")
    parts.append("## Side by side\n")
    parts += [f"{title}\n\n```text\n{text.rstrip()}\n```\n" for title, text in glance]
    lines = [f"- `{name}`: {words}" for name, words in _FIRST]
    parts.append("## In each cluster's folder\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)
