"""Which runs there are on this machine, and which one a verb without a name means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.access import Shell
from harness.card import RUNS, Card, standing
from harness.engine.owner import State
from harness.engine.sweep import Leftover
from harness.errors import UsageError
from harness.leftovers import leftovers
from harness.topology import Topology
from harness.topology_file.wording import near


@dataclass(frozen=True, slots=True)
class Standing:
    """A run on this machine; without a card it belongs to another checkout, or never began."""

    leftover: Leftover
    card: Card | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.leftover.run

    @property
    def is_ours(self) -> bool:
        """Whether this checkout brought it up."""
        return self.card is not None

    @property
    def topologies(self) -> dict[str, Topology]:
        """The topologies that it has up, by its records, or is to reproduce, by name."""
        if self.card is None:
            return {}
        wanted = [self.card.reproduces] if self.card.reproduces else []
        return {each.name: each for each in [*wanted, *standing(RUNS / self.card.id)]}

    def topology(self, name: str | None) -> Topology:
        """Return the topology of that name or else the only one; UsageError when it is unclear."""
        up = self.topologies
        if name in up:
            return up[name]
        if len(up) == 1:
            return next(iter(up.values()))
        raise UsageError(f"run {self.name} has {', '.join(up) or 'nothing'} up: name one by --run")

    def row(self) -> dict[str, Any]:
        """Return what `status` shows of it."""
        owner = self.leftover.owner
        return {
            "run": self.name,
            "topology": ", ".join(self.topologies) or "-",
            "state": str(self.leftover.state),
            "engine": self.leftover.engine,
            "since": f"{_ago(self.card.started)} ago" if self.card else "-",
            "whose": f"pid {owner.pid} on {owner.host}" if owner else "nobody's",
            "until": f"{owner.expires:%H:%M} UTC" if owner and owner.kept else "-",
            "holds": self.leftover.holds,
        }


def runs(shell: Shell) -> tuple[Standing, ...]:
    """Return every run that has anything on this machine."""
    return tuple(Standing(each, _card(each.run)) for each in leftovers(shell))


def kept(shell: Shell, name: str | None) -> Standing:
    """Return the run of that name that is up and kept, or the only one of this checkout.

    Raises UsageError when there is none, when it is another checkout's, or when more than one is
    up and none is named.
    """
    found = choose([each for each in runs(shell) if each.leftover.state is State.KEPT], name)
    if not found.is_ours:
        raise UsageError(f"run {found.name}: another checkout brought it up: use the one there")
    return found


def choose(there: Sequence[Standing], name: str | None) -> Standing:
    """Return the run of that name, or the only one of this checkout."""
    told = ", ".join(f"{each.name} ({', '.join(each.topologies) or 'unknown'})" for each in there)
    if name is not None:
        named = [each for each in there if name == each.name or name in each.topologies]
        if len(named) == 1:
            return named[0]
        if named:
            raise UsageError(f"{name!r} is up more than once: name one of {told}")
        hint = near(name, [each.name for each in there]) or f"; there are: {told or 'none'}"
        raise UsageError(f"run {name!r} is not up{hint}")
    ours = [each for each in there if each.is_ours]
    if len(ours) > 1:
        raise UsageError(f"several meshes are up: name one of {told}")
    if not ours:
        others = f"; other checkouts have {told}" if there else ""
        raise UsageError(f"no mesh is up{others}: bring one up with `meshproof up`")
    return ours[0]


def _card(run: str) -> Card | None:
    try:
        return Card.read(RUNS / run)
    except (OSError, ValueError):
        return None


def _ago(moment: datetime) -> str:
    minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004
