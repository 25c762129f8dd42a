"""Where parts of the stack are kept: a folder each, named by its fingerprint, whole or not there.

One process builds at a time. A part is made in a folder beside its place and renamed when it is
on disk, so a build that is cut off leaves nothing that a later one takes for whole.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
import json
import os
from pathlib import Path
import shutil

from filelock import FileLock, Timeout

from harness.engine.stack.parts import Part
from harness.errors import HostError

UNFINISHED = ".unfinished"
LONGEST = 5400.0
"""Seconds to wait for another build."""


def cache_folder() -> Path:
    """Return where meshproof keeps what can be made again: MESHPROOF_CACHE, or the user's cache."""
    own = os.environ.get("MESHPROOF_CACHE")
    if own:
        return Path(own).absolute()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser().absolute() / "meshproof"


class Store:
    """The parts that were made, below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._durations = root / "durations.json"

    def folder(self, part: Part, fingerprint: str) -> Path:
        """Return the folder of a part, which is there when the part is whole."""
        return self.root / f"{part.name}-{fingerprint[:12]}"

    @contextmanager
    def building(self, on_wait: Callable[[], None]) -> Iterator[None]:
        """Keep other builders out meanwhile; `on_wait` is called if one has to be waited for."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            try:
                lock.acquire(timeout=LONGEST)
            except Timeout:
                raise HostError(
                    f"{lock.lock_file}: another build has held it for {LONGEST:.0f} s; "
                    "end that build, or set MESHPROOF_CACHE to a folder of your own"
                ) from None
        try:
            for left in self.root.glob(f"*{UNFINISHED}"):  # whoever made it holds no lock any more
                shutil.rmtree(left)
            yield
        finally:
            lock.release()

    @contextmanager
    def making(self, part: Part, fingerprint: str) -> Iterator[Path]:
        """Yield an empty folder that becomes the part's, unless the making fails."""
        place = self.folder(part, fingerprint)
        unfinished = place.with_name(place.name + UNFINISHED)
        unfinished.mkdir()
        try:
            yield unfinished
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        os.sync()
        unfinished.rename(place)

    def durations(self) -> dict[str, float]:
        """Return how many seconds each part took when it was last made here."""
        try:
            found = json.loads(self._durations.read_text())
        except (OSError, ValueError):
            return {}
        return {str(name): float(seconds) for name, seconds in found.items()}

    def keep_durations(self, durations: Mapping[str, float]) -> None:
        """Remember them for the next time."""
        new = self._durations.with_suffix(".new")
        new.write_text(json.dumps(dict(durations), indent=1, sort_keys=True))
        new.replace(self._durations)
