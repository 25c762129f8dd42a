"""Which private engines this host has, whatever folder their files are in.

Namespaces and cgroups are the host's, so runs with different caches see each other's; this says
where each keeps its files. It is forgotten at boot, as those are.
"""

from pathlib import Path

from harness.errors import HostError

REGISTRY = Path("/run/meshproof")


def register(run: str, folder: Path, registry: Path = REGISTRY) -> None:
    """Note where the run's engine keeps its files; HostError when the run has one already."""
    registry.mkdir(exist_ok=True)
    try:
        (registry / run).symlink_to(folder)
    except FileExistsError as problem:
        there = (registry / run).readlink()
        raise HostError(
            f"run {run} has an engine already, in {there}: take another name, or put it away with "
            "`meshproof down --all`"
        ) from problem


def forget(run: str, registry: Path = REGISTRY) -> None:
    """Drop the note; absent is no error."""
    (registry / run).unlink(missing_ok=True)


def registered(registry: Path = REGISTRY) -> dict[str, Path]:
    """Return the folder of every engine that is noted, by its run."""
    if not registry.is_dir():
        return {}
    return {path.name: path.readlink() for path in registry.iterdir() if path.is_symlink()}
