"""Card: what a run is, on file for whoever joins it, reports on it or comes back to it later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
import secrets
from typing import Self

from pydantic import TypeAdapter

from harness.engine import Stack
from harness.engine.choose import Choice
from harness.engine.owner import Owner
from harness.errors import UsageError
from harness.journal import Journal
from harness.providers.contexts import Context
from harness.record import ProvisionRecord
from harness.settings import Settings
from harness.topology import Topology

RUNS = Path(__file__).parent.parent / "reports" / "runs"
KEPT_FOR = timedelta(hours=12)
_file = "run.json"


class Keep(StrEnum):
    """Which meshes stay up when the run is over."""

    NEVER = "never"
    ON_FAILURE = "on-failure"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose; None leaves it to the environment, or to what is found."""

    engine: str | None = None
    images: str | None = None
    keep: Keep = Keep.NEVER
    install: bool = True
    istio: str = ""
    """The Istio version; empty for the one that meshproof is tested with."""
    name: str = ""
    """What the run is called; empty for a name that no other run has."""
    reproduces: Topology | None = None
    """The topology that the run is opened to bring up and keep, if that is all it is for."""


@dataclass(frozen=True, slots=True)
class Card:
    """One run: who owns it, what it chose, and what it found."""

    id: str
    started: datetime
    choice: Choice
    owner: Owner
    stack: Stack
    settings: Settings
    keep: Keep
    environment: dict[str, str]
    """What programs need in order to reach the engine."""
    timings: dict[str, float]
    """Seconds of the phases before the first plan."""
    reproduces: Topology | None = None
    contexts: dict[str, Context] | None = None
    """The clusters, where they are the user's own."""

    def write(self, folder: Path) -> None:
        """Write it to the run's folder, which is made."""
        folder.mkdir(parents=True)
        (folder / _file).write_bytes(_card.dump_json(self, indent=1))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the card in a run's folder."""
        return _card.validate_json((folder / _file).read_bytes())  # type: ignore[return-value]


_card = TypeAdapter(Card)


def new_name(moment: datetime) -> str:
    """Return a name that no other run has; names of later minutes sort later."""
    return f"{moment:%m%d%H%M}{secrets.token_hex(2)}"


def folders() -> tuple[Path, ...]:
    """Return the folders of this checkout's runs, the newest first."""
    found = (path.parent for path in RUNS.glob(f"*/{_file}") if not path.parent.is_symlink())
    return tuple(sorted(found, key=lambda folder: folder.name, reverse=True))


def folder_of(run: str) -> Path:
    """Return the folder of a run of this checkout; raises UsageError if there is none."""
    folder = RUNS / run
    if not (folder / _file).is_file():
        there = ", ".join(each.name for each in folders())
        raise UsageError(f"run {run!r} is not there; runs of this checkout: {there or 'none'}")
    return folder


def standing(folder: Path) -> tuple[Topology, ...]:
    """Return the topologies that a run brought up whole and, by its records, did not take down."""
    up: dict[str, Topology] = {}
    for record in Journal(folder / "records").read():
        if not isinstance(record, ProvisionRecord):
            continue
        up.pop(record.topology.name, None)
        if record.phase == "up" and not record.error:
            up[record.topology.name] = record.topology
    return tuple(up.values())
