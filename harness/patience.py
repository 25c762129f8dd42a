"""The only place that waits: every wait has an end, a subject, and tells what it saw last.

`until` serves steps, which need a thing to become so; `settle` serves judgement, which wants the
verdict once the mesh has come to rest. Both end at once when the run is cancelled.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
import threading
import time
from typing import TypeVar

import tenacity

from harness.errors import CancelledError, DeadlineError, NotYet, UnreachableError
from harness.verdict import Outcome, Verdict

T = TypeVar("T")

_cancelled: ContextVar[threading.Event | None] = ContextVar("cancelled", default=None)
_watcher: ContextVar[Callable[[str, float, str], None] | None] = ContextVar("watcher", default=None)

now = time.monotonic
"""Seconds on the monotonic clock; lengths of time are differences of it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a wait may take, and how its looks are spaced; all in seconds."""

    seconds: float
    first: float = 0.1
    longest: float = 1.0


@contextmanager
def cancellable(cancelled: threading.Event) -> Iterator[None]:
    """Waits inside the block end with CancelledError as soon as the event is set."""
    token = _cancelled.set(cancelled)
    try:
        yield
    finally:
        _cancelled.reset(token)


@contextmanager
def watched(tell: Callable[[str, float, str], None]) -> Iterator[None]:
    """Inside the block, each look that finds 'not yet' is told: what, seconds so far, last seen."""
    token = _watcher.set(tell)
    try:
        yield
    finally:
        _watcher.reset(token)


def sleep(seconds: float) -> None:
    """Sleep, unless the run is cancelled first."""
    cancelled = _cancelled.get() or threading.Event()
    if cancelled.wait(seconds):
        raise CancelledError("given up: the run was stopped")


def until(
    what: str,
    look: Callable[[], T],
    patience: Patience | float,
    *,
    pause: Callable[[float], None] = sleep,
) -> T:
    """Return what `look` returns as soon as it stops raising NotYet.

    An API server that does not answer counts as 'not yet' too.

    Raises DeadlineError with the last sight when the patience is over, and CancelledError when the
    run is stopped; any other exception of `look` passes through at once.
    """
    patience = patience if isinstance(patience, Patience) else Patience(patience)
    began = now()
    tell = _watcher.get()

    def tell_sight(state: tenacity.RetryCallState) -> None:
        if tell is not None and state.outcome is not None:
            tell(what, now() - began, str(state.outcome.exception()))

    def give_up(state: tenacity.RetryCallState) -> T:
        last = state.outcome.exception() if state.outcome else None
        raise DeadlineError(
            what, seconds=now() - began, attempts=state.attempt_number, last=str(last)
        ) from last

    return tenacity.Retrying(
        stop=tenacity.stop_before_delay(patience.seconds),
        wait=tenacity.wait_exponential(multiplier=patience.first, max=patience.longest),
        retry=tenacity.retry_if_exception_type((NotYet, UnreachableError)),
        before_sleep=tell_sight,
        retry_error_callback=give_up,
        sleep=pause,
    )(look)


def settle(
    judge: Callable[[], Verdict],
    patience: Patience | float,
    *,
    pause: Callable[[float], None] = sleep,
) -> Verdict:
    """Return the first passing verdict, or the last one when the patience is over."""
    patience = patience if isinstance(patience, Patience) else Patience(patience)
    return tenacity.Retrying(
        stop=tenacity.stop_before_delay(patience.seconds),
        wait=tenacity.wait_exponential(multiplier=patience.first, max=patience.longest),
        retry=tenacity.retry_if_result(lambda verdict: verdict.outcome is not Outcome.PASS),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        sleep=pause,
    )(judge)
