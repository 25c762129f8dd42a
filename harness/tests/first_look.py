"""Waits that end after their first look, so that no test takes time."""

from collections.abc import Callable
import threading

from harness.errors import CancelledError
from harness.patience import cancellable, watched


def first_look(act: Callable[[], object]) -> str:
    """Return what the first wait of `act` saw instead of what it waits for.

    The wait is then given up. Empty when all that `act` waits for is so at once.
    """
    seen: list[str] = []
    stopped = threading.Event()
    stopped.set()
    try:
        with (
            cancellable(stopped),
            watched(lambda what, _seconds, last: seen.append(f"{what}: {last}")),
        ):
            act()
    except CancelledError:
        return seen[0]
    return ""
