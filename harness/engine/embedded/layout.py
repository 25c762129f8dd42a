"""Layout: where an engine keeps what; all of it below one folder."""

from dataclasses import dataclass
from pathlib import Path


def engines_folder(cache: Path) -> Path:
    """Return the folder that holds one folder for each private engine, named by its run."""
    return cache / "engines"


def run_folders(cache: Path, run: str) -> tuple[Path, ...]:
    """Return the folders a run has below the cache beside its engine: its nodes', its keys'."""
    return cache / "nodes" / run, cache / "runs" / run


@dataclass(frozen=True, slots=True)
class Layout:
    """The places in an engine's folder."""

    folder: Path

    @property
    def owner(self) -> Path:
        """Whose it is."""
        return self.folder / "owner.json"

    @property
    def data(self) -> Path:
        """Docker's data root."""
        return self.folder / "docker"

    @property
    def socket(self) -> Path:
        """Where the daemon answers."""
        return self.folder / "docker.sock"

    @property
    def configuration(self) -> Path:
        """The daemon's configuration; its path among a process's arguments marks it as ours."""
        return self.folder / "daemon.json"

    @property
    def names(self) -> Path:
        """The Corefile of the namespace's name server."""
        return self.folder / "Corefile"

    @property
    def log(self) -> Path:
        """What dockerd says."""
        return self.folder / "dockerd.log"

    @property
    def docker_host(self) -> str:
        """DOCKER_HOST."""
        return f"unix://{self.socket}"
