"""What runs have left on this machine, whoever started them, and how to put it away.

Only what carries our mark counts: a namespace, cgroup or folder of an engine, a labelled volume.
What merely looks like ours is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
import re
import shutil
from typing import Literal

import psutil

from harness.access import Shell
from harness.engine import docker
from harness.engine.embedded import golden, remains
from harness.engine.embedded.layout import Layout, engines_folder, run_folders
from harness.engine.embedded.limits import restore_limits
from harness.engine.embedded.namespace import NAMED
from harness.engine.embedded.registry import registered
from harness.engine.owner import Owner, State

_named = re.compile(r"meshproof-([a-z0-9]{1,20})")
_forgotten_seconds = 86_400
_claim = re.compile(r"\.[a-z0-9]{1,20}\.(\d+)")


@dataclass(frozen=True, slots=True)
class Leftover:
    """What one run has on this machine: where, whose it is, and each thing in words."""

    run: str
    engine: Literal["docker", "embedded"]
    owner: Owner | None
    holds: tuple[str, ...] = field(default=())

    @property
    def state(self) -> State:
        """How the run stands; without an owner nobody speaks for it."""
        return self.owner.state() if self.owner else State.DEAD

    @property
    def abandoned(self) -> bool:
        """Whether nobody needs it any more: its process is gone, or its time is over."""
        return self.state in (State.DEAD, State.EXPIRED)

    def __str__(self) -> str:
        whose = f"pid {self.owner.pid} on {self.owner.host}" if self.owner else "owner unknown"
        return f"run {self.run} ({self.engine}, {self.state}, {whose}): {', '.join(self.holds)}"


class Sweep:
    """Looks for what runs have left, below `cache` and on the host's Docker, and puts it away."""

    def __init__(self, *, cache: Path, shell: Shell) -> None:
        self._cache = cache
        self._shell = shell
        self._engines = engines_folder(cache)

    def leftovers(self) -> tuple[Leftover, ...]:
        """Return all that is there of any run, those at work and those kept among them."""
        embedded = (self._embedded(run) for run in sorted(self._runs()))
        return (*embedded, *self._on_docker())

    def put_away(self, leftover: Leftover) -> None:
        """Remove all of one run's; what is gone already is no error."""
        if leftover.engine == "docker":
            folders = [str(path) for path in run_folders(self._cache, leftover.run)]
            self._shell.run(["rm", "-rf", "--one-file-system", *folders], timeout=120)
            docker.put_away(self._shell, leftover.run)
            return
        remains.put_away(self._shell, leftover.run, self._layout(leftover.run), inmates_too=True)
        restore_limits()

    def put_away_abandoned(self) -> tuple[Leftover, ...]:
        """Put away what nobody needs any more and return it, read before it went.

        Halves of engines and data roots whose makers were killed go too, and after a day folders of
        runs that are nowhere to be found.
        """
        found = self.leftovers()
        gone = tuple(each for each in found if each.abandoned)
        for each in gone:
            self.put_away(each)
        for folder in (*self._broken_claims(), *self._forgotten({each.run for each in found})):
            self._shell.run(["rm", "-rf", str(folder)], timeout=60)
        if golden.unfinished(self._cache):
            golden.put_away_unfinished(self._shell, self._cache)
        restore_limits()
        return gone

    def _runs(self) -> set[str]:
        places = (NAMED, remains.CGROUPS, *remains.CGROUPS.glob("*/"))
        names = [path.name for place in places if place.is_dir() for path in place.iterdir()]
        marked = {match.group(1) for name in names if (match := _named.fullmatch(name))}
        folders = self._engines.iterdir() if self._engines.is_dir() else ()
        mine = {path.name for path in folders if path.is_dir() and path.name[0] != "."}
        return marked | mine | set(registered())

    def _layout(self, run: str) -> Layout:
        return Layout(registered().get(run, self._engines / run))

    def _embedded(self, run: str) -> Leftover:
        layout = self._layout(run)
        holds = tuple(remains.remains(run, layout))
        return Leftover(run, "embedded", Owner.read(layout.owner), holds)

    def _on_docker(self) -> Iterator[Leftover]:
        if shutil.which("docker") is None:
            return
        for owner in docker.owners(self._shell):
            names = docker.containers(self._shell, owner.run)
            holds = (f"volume {docker.mark_name(owner.run)}", *(f"container {n}" for n in names))
            yield Leftover(owner.run, "docker", owner, holds)

    def _broken_claims(self) -> Iterator[Path]:
        for path in self._engines.glob(".*") if self._engines.is_dir() else ():
            match = _claim.fullmatch(path.name)
            if match and not psutil.pid_exists(int(match.group(1))):
                yield path

    def _forgotten(self, known: set[str]) -> Iterator[Path]:
        # of runs on a Docker that no longer answers, or is no longer there
        for folder in (path for home in run_folders(self._cache, "") for path in home.glob("*")):
            age = datetime.now(UTC).timestamp() - folder.stat().st_mtime
            if folder.name not in known and age > _forgotten_seconds:
                yield folder
