"""Owner: whose a run is, how long it may stay, and whether whoever started it still lives.

It is written wherever a run leaves something on a machine: as a file beside a private engine, as
labels on a host's Docker.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import os
from pathlib import Path
import re
import socket
from typing import Self

import psutil
from pydantic import TypeAdapter, ValidationError

from harness.errors import UsageError

LIFETIME = timedelta(hours=6)
_clock_drift = 2.0
_run_name = re.compile(r"[a-z0-9]{1,20}")


class State(StrEnum):
    """How a run stands towards its owner."""

    RUNNING = "running"
    """The process that started it is at work."""
    KEPT = "kept"
    """It was left up on purpose and its time is not over."""
    EXPIRED = "expired"
    """It was left up on purpose, and its time is over."""
    DEAD = "dead"
    """The process that started it is gone, and nobody asked to keep it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that a run belongs to; `started` is when that process began, in epoch seconds.

    `kept` says that the run outlives its process until `expires`.
    """

    run: str
    pid: int
    started: float
    host: str
    expires: datetime
    kept: bool = False

    def __post_init__(self) -> None:
        if not _run_name.fullmatch(self.run):
            # a dash would make cluster `a-b` of run `mp` and `b` of run `mp-a` look alike
            raise UsageError(
                f"run {self.run!r}: a run is named by 1 to 20 lower-case letters and digits"
            )

    @classmethod
    def this_process(cls, run: str, *, lifetime: timedelta = LIFETIME) -> Self:
        """Return the ownership of this process over a run."""
        return cls(
            run=run,
            pid=os.getpid(),
            started=psutil.Process().create_time(),
            host=socket.gethostname(),
            expires=datetime.now(UTC) + lifetime,
        )

    def keeping(self, until: datetime) -> "Owner":
        """Return the owner of the same run, kept up until then."""
        return replace(self, kept=True, expires=until)

    def lives(self) -> bool:
        """Whether the owning process is still there; one of another host counts until it expires.

        A process that took over the number of a dead one is not the owner.
        """
        if self.host != socket.gethostname():
            return datetime.now(UTC) < self.expires
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _clock_drift
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def state(self) -> State:
        """Return how the run stands now."""
        if self.kept:
            return State.KEPT if datetime.now(UTC) < self.expires else State.EXPIRED
        return State.RUNNING if self.lives() else State.DEAD

    def labels(self) -> dict[str, str]:
        """Return the labels that say so on a Docker object."""
        return {
            "meshproof.run": self.run,
            "meshproof.pid": str(self.pid),
            "meshproof.started": f"{self.started:.3f}",
            "meshproof.host": self.host,
            "meshproof.expires": self.expires.isoformat(),
            "meshproof.kept": str(self.kept).lower(),
        }

    @classmethod
    def of_labels(cls, labels: dict[str, str]) -> "Owner | None":
        """Return the owner that `labels` wrote, or None when they do not name one."""
        prefix = "meshproof."
        fields = {
            name.removeprefix(prefix): value
            for name, value in labels.items()
            if name.startswith(prefix)
        }
        try:
            return _owner.validate_python(fields)
        except (ValidationError, UsageError):
            return None

    def write(self, path: Path) -> None:
        """Write the owner to a file, in one piece."""
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(_owner.dump_json(self))
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Owner | None":
        """Return the owner that `write` wrote; None when there is no such file or it is broken."""
        try:
            return _owner.validate_json(path.read_bytes())
        except (OSError, ValidationError, UsageError):
            return None


_owner = TypeAdapter(Owner)
