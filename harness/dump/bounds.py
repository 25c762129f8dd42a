"""The bounds of a dump: a question that may hang, a text that may be too long, a sum of bytes."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TypeVar

from harness.dump.pieces import End

T = TypeVar("T")


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Return what `ask` returns; raises TimeoutError when that takes longer, and leaves it be."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as cause:  # noqa: BLE001  # it is raised to who asked
            answer.set_exception(cause)

    Thread(target=run, name="dump-ask", daemon=True).start()
    return answer.result(timeout=seconds)


def side_by_side(work: Iterable[Callable[[], None]]) -> None:
    """Do all of it, each in a thread of its own, and return when all is done."""
    threads = [Thread(target=each, name="dump", daemon=True) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cut(data: bytes, most: int, keeps: End) -> tuple[bytes, str]:
    """Return at most so many bytes, in whole lines, and what was left out in words.

    A first line that is longer than that is cut in itself.
    """
    over = len(data) - most
    if over <= 0:
        return data, ""
    if keeps == "tail":
        # what begins in the middle of a line may be a part of a secret that nobody recognises
        kept = data[over:].partition(b"\n")[2]
        return kept, f"cut: its first {len(data) - len(kept)} bytes are left out"
    kept = data[:most]
    kept = kept[: kept.rfind(b"\n") + 1] or kept
    return kept, f"cut: its last {len(data) - len(kept)} bytes are left out"


class Purse:
    """So many bytes for all; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self.most, self.spent = most, 0
        self._lock = Lock()

    def pays(self, size: int) -> bool:
        """Whether so many were left; they are spent then."""
        with self._lock:
            if self.spent + size > self.most:
                return False
            self.spent += size
            return True
