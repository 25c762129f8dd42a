"""Limits of the host that several clusters outgrow: raised while engines run, then put back.

The limits of inotify count for all of a user's processes, in every namespace, so they are the
host's own; what they were is noted beside the registry, and the last engine to stop restores it.
"""

from collections.abc import Mapping
import json
from pathlib import Path

from filelock import FileLock

from harness.engine.embedded.registry import REGISTRY, registered

NEEDED: Mapping[str, int] = {"max_user_instances": 1024, "max_user_watches": 524288}
"""Limits of inotify with which ten clusters fit (kind's own advice is half the instances)."""

INOTIFY = Path("/proc/sys/fs/inotify")
_note = "inotify.json"


def too_low(limits: Mapping[str, int]) -> dict[str, int]:
    """Return the limits that are below what is needed, each with the value it has."""
    return {name: limits[name] for name, least in NEEDED.items() if limits[name] < least}


def read_limits(folder: Path = INOTIFY) -> dict[str, int]:
    """Return the host's limits of inotify."""
    return {name: int((folder / name).read_text()) for name in NEEDED}


def raise_limits(registry: Path = REGISTRY, folder: Path = INOTIFY) -> dict[str, int]:
    """Raise what is too low and return it as it was; the note of an earlier engine stands."""
    with FileLock(registry / "lock"):
        low = too_low(read_limits(folder))
        if low:
            (registry / _note).write_text(json.dumps(low | _noted(registry)))
        for name in low:
            (folder / name).write_text(str(NEEDED[name]))
        return low


def restore_limits(registry: Path = REGISTRY, folder: Path = INOTIFY) -> None:
    """Put back what was noted, unless an engine is left or somebody else has changed it since."""
    if not registry.is_dir():
        return
    with FileLock(registry / "lock"):
        if registered(registry):
            return
        now = read_limits(folder)
        for name, value in _noted(registry).items():
            if now[name] == NEEDED[name]:
                (folder / name).write_text(str(value))
        (registry / _note).unlink(missing_ok=True)


def _noted(registry: Path) -> dict[str, int]:
    try:
        content: dict[str, int] = json.loads((registry / _note).read_text())
    except (OSError, ValueError):
        return {}
    return content
