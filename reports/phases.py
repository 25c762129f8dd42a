"""Where the time of a set-up went: steps that differ only in their cluster, taken together."""

from dataclasses import dataclass
import re

from reports.report import Provision, TopologyAccount

_ADDRESSES = re.compile(r"\d+\.\d+\.\d+\.\d+(?:/\d+)?(?:-\d+\.\d+\.\d+\.\d+)?")


@dataclass(frozen=True, slots=True)
class Phase:
    """One kind of step: seconds from the plan's beginning to its first start and last end."""

    name: str
    layer: str
    started: float
    ended: float
    steps: int
    broken: bool

    @property
    def seconds(self) -> float:
        """How long it took on the clock, all clusters side by side."""
        return self.ended - self.started


def phases(account: TopologyAccount, provision: Provision) -> tuple[Phase, ...]:
    """Return the phases in the order they began; steps that never began are left out."""
    clusters = account.topology.names if account.topology else ()
    kinds: dict[str, Phase] = {}
    for step in provision.steps:
        if not step.ended and not step.error:
            continue
        name = kind_of(step.step, clusters)
        ended = step.started + step.seconds
        known = kinds.get(name)
        kinds[name] = Phase(
            name,
            step.layer,
            min(known.started, step.started) if known else step.started,
            max(known.ended, ended) if known else ended,
            known.steps + 1 if known else 1,
            (known.broken if known else False) or bool(step.error),
        )
    return tuple(sorted(kinds.values(), key=lambda phase: (phase.started, phase.ended)))


def kind_of(sentence: str, clusters: tuple[str, ...]) -> str:
    """Return the sentence with … where it names a cluster or an address."""
    text = _ADDRESSES.sub("…", sentence)
    for name in sorted(clusters, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "…", text)
    return text
