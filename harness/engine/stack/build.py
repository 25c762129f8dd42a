"""Makes the parts of a stack that are not there yet, side by side where that helps, and tells."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
import time
from typing import Protocol, runtime_checkable

from harness.access import Shell
from harness.engine.stack.failure import told
from harness.engine.stack.golang import Toolchain
from harness.engine.stack.make import Workshop, make
from harness.engine.stack.parts import GoModule, Part, Recipe, RootFileSystem, fingerprints
from harness.engine.stack.progress import Progress, State
from harness.engine.stack.store import Store
from harness.errors import CancelledError, HarnessError, HostError

Tell = Callable[[Progress], None]
GOING = 30.0
"""Seconds after which a part that is still being made says so again."""


@runtime_checkable
class Abortable(Protocol):
    """A shell that can end all that it runs."""

    def abort(self) -> None:
        """End every program that runs now."""
        ...


def build(
    parts: Sequence[Part], store: Store, shell: Shell, tell: Tell, *, install: bool
) -> dict[str, Path]:
    """Return the folder of every part, making those that are not there.

    Raises HostError with every part that could not be made; the others stay for the next time.
    """
    prints = fingerprints(parts)
    folders = {part.name: store.folder(part, prints[part.name]) for part in parts}
    if all(folder.exists() for folder in folders.values()):
        return folders
    workshop = Workshop(shell, Toolchain(shell, store.root, install=install), folders)
    try:
        with store.building(lambda: tell(_waiting(len(parts)))):
            _Run(parts, prints, store, workshop, tell).perform()
    except OSError as problem:  # the cache itself cannot be written
        raise HostError(told(problem)) from problem
    return folders


def _waiting(total: int) -> Progress:
    return Progress("waiting", "another build is under way; waiting for its end", 0, total)


def _lane(recipe: Recipe) -> str:
    # a Go build uses every core: a second one beside it would compile the same packages twice
    return type(recipe).__name__ if isinstance(recipe, GoModule | RootFileSystem) else ""


class _Run:
    """One building: what is to be made, what is being made, what went wrong."""

    def __init__(
        self,
        parts: Sequence[Part],
        prints: Mapping[str, str],
        store: Store,
        workshop: Workshop,
        tell: Tell,
    ) -> None:
        self._prints, self._store, self._workshop, self._tell = prints, store, workshop, tell
        self._total = len(parts)
        self._waiting = [part for part in parts if not workshop.made[part.name].exists()]
        self._whole = {part.name for part in parts} - {part.name for part in self._waiting}
        self._going: dict[Future[None], tuple[Part, float]] = {}
        self._failures: dict[str, HarnessError | OSError] = {}
        self._durations = store.durations()

    def perform(self) -> None:
        """Make every part, or raise what kept it from being made."""
        if not self._waiting:  # somebody else made them meanwhile
            return
        lanes: dict[str, float] = {}
        for part in self._waiting:
            lane = _lane(part.recipe)
            lanes[lane] = lanes.get(lane, 0) + self._expected(part)
        whole, total = len(self._whole), self._total
        self._tell(Progress("planned", "tools and images", whole, total, max(lanes.values())))
        with ThreadPoolExecutor(max_workers=4) as pool:
            try:
                while self._start(pool) or self._going:
                    self._await()
            except BaseException:
                if isinstance(self._workshop.shell, Abortable):
                    self._workshop.shell.abort()
                raise
        if self._failures:
            raise HostError(
                *(f"{title}: {told(cause)}" for title, cause in self._failures.items())
            ) from next(iter(self._failures.values()))

    def _start(self, pool: ThreadPoolExecutor) -> int:
        """Start whatever may start now; returns how many did."""
        started = 0
        for part in tuple(self._waiting):
            busy = {_lane(going.recipe) for going, _ in self._going.values()} - {""}
            if self._failures or _lane(part.recipe) in busy or not self._whole >= {*part.needs}:
                continue
            self._waiting.remove(part)
            self._say("started", part)
            self._going[pool.submit(self._make, part)] = (part, time.monotonic())
            started += 1
        return started

    def _make(self, part: Part) -> None:
        fingerprint = self._prints[part.name]
        with self._store.making(part, fingerprint) as folder:
            make(part, fingerprint, folder, self._workshop)

    def _await(self) -> None:
        """Take in what ended; after a while, say what is still going."""
        ended, going = wait(self._going, timeout=GOING, return_when=FIRST_COMPLETED)
        now = time.monotonic()
        for future in ended:
            part, began = self._going.pop(future)
            problem = future.exception()
            if isinstance(problem, CancelledError) or not isinstance(
                problem, HarnessError | OSError | None
            ):
                raise problem
            if problem is not None:
                self._failures[part.title] = problem
                self._say("failed", part, now - began)
                continue
            self._whole.add(part.name)
            self._durations[part.name] = round(now - began, 1)
            self._store.keep_durations(self._durations)
            self._say("made", part, now - began)
        if not ended:
            for future in going:
                part, began = self._going[future]
                self._say("going", part, now - began)

    def _expected(self, part: Part) -> float:
        return self._durations.get(part.name, part.usual)

    def _say(self, state: State, part: Part, seconds: float = 0) -> None:
        self._tell(
            Progress(
                state,
                part.title,
                len(self._whole),
                self._total,
                seconds,
                self._expected(part),
                known=part.name in self._durations,
            )
        )
