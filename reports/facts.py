"""What a report knows of its run beside the records: how it began, on what, and how it ended."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
import platform

import psutil

from harness.settings import Settings, Versions
from harness.topology import Topology


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run as it was decided before any cluster was made.

    `settings.versions` is what was asked for, `versions` what the tools and images really carry,
    `digests` maps an image reference to its `sha256:` digest. `topologies` are those selected,
    whether or not the run came to them; `timings` are seconds of the run's own phases before the
    first plan (such as building the stack).
    """

    id: str
    folder: Path
    started: datetime
    command: tuple[str, ...]
    engine: str
    engine_reason: str
    images: str
    images_reason: str
    settings: Settings
    versions: Versions | None = None
    digests: dict[str, str] = field(default_factory=dict)
    topologies: tuple[Topology, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
    host: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """How pytest ended: its own exit status, after how many seconds, and what cut it short."""

    status: int
    seconds: float
    interruption: str = ""


def host_facts() -> dict[str, str]:
    """Return what this machine is, in words; no name or address of it."""
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.system()
    return {
        "system": system,
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cores": str(psutil.cpu_count() or "unknown"),
        "memory": f"{psutil.virtual_memory().total / 2**30:.1f} GiB",
        "python": platform.python_version(),
    }


def unopened(
    runs: Path, *, command: tuple[str, ...], topologies: tuple[Topology, ...] = (), name: str = ""
) -> RunFacts:
    """Return the facts of a run that could not be opened: its folder is made below `runs`.

    Put before the session is given up, they leave a record and a junit.xml that say why.
    """
    started = datetime.now(UTC)
    name = name or f"unopened-{started:%m%d%H%M%S}"
    nothing = "the run was not opened"
    return RunFacts(
        id=name,
        folder=runs / name,
        started=started,
        command=command,
        engine="none",
        engine_reason=nothing,
        images="none",
        images_reason=nothing,
        settings=Settings(),
        topologies=topologies,
        host=host_facts(),
    )
