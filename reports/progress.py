"""Progress as plain lines: what ended, how long it took, and what is being waited for."""

from collections.abc import Callable
import threading

from harness.record import StepRecord

PATIENT = 10.0
"""Seconds of waiting after which, and between which, a wait is told."""


class Lines:
    """Tells a run's progress through `write`, one line at a time; safe in threads.

    What is told of a step begins with its cluster, after the topology if one is named.
    """

    def __init__(self, write: Callable[[str], object], *, topology: str = "") -> None:
        self._write = write
        self._topology = topology
        self._lock = threading.Lock()
        self._told: dict[str, float] = {}

    def say(self, text: str) -> None:
        """Tell one thing."""
        with self._lock:
            self._write(text)

    def started(self, step: str, cluster: str) -> None:
        """Say nothing: that a step began shows when it ends or waits."""

    def waiting(self, step: str, cluster: str, what: str, seconds: float, last: str) -> None:
        """Tell a wait that takes long: what is awaited, for how long, and what was seen last."""
        if seconds - self._told.get(step, 0.0) >= PATIENT:
            self._told[step] = seconds
            self.say(f"  … {seconds:5.1f} s  {self._where(cluster)}{what}: {last}")

    def ended(self, record: StepRecord) -> None:
        """Tell a step that ended: when, how long it took, and its cause if it failed."""
        at = record.started + record.seconds
        where = self._where(record.cluster)
        if record.ended:
            self.say(f"  √ {at:5.1f} s  {where}{record.step} ({record.seconds:.1f} s)")
        elif record.error:
            self.say(f"  × {at:5.1f} s  {where}{record.step}: {record.error}")  # noqa: RUF001

    def _where(self, cluster: str) -> str:
        return f"{self._topology}/{cluster}  " if self._topology else f"{cluster:10}  "
