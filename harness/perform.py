"""Performs a plan: every step as soon as what it needs has ended, timings and causes kept."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
import threading
from typing import Protocol

from harness.errors import (
    CancelledError,
    ExitCode,
    HarnessError,
    ProvisioningError,
    UnreachableError,
)
from harness.graph import Plan, Task
from harness.mesh import Layer, Mesh
from harness.patience import cancellable, now, sleep, watched
from harness.record import StepRecord

SIDE_BY_SIDE = 24
ATTEMPTS = 3
"""How often a step is tried when an API server does not answer."""
PAUSE = 1.0
"""Seconds between two attempts."""


class Progress(Protocol):
    """Is told what happens while it happens; must return at once and be safe in threads."""

    def started(self, step: str, cluster: str) -> None:
        """Note that a step begins."""
        ...

    def waiting(self, step: str, cluster: str, what: str, seconds: float, last: str) -> None:
        """Note that a step waits: for what, how long so far, and what was seen last."""
        ...

    def ended(self, record: StepRecord) -> None:
        """Note that a step ended, well or not."""
        ...


class Unheard:
    """Progress of which nobody is told."""

    def started(self, step: str, cluster: str) -> None:
        """Tell nobody."""

    def waiting(self, step: str, cluster: str, what: str, seconds: float, last: str) -> None:
        """Tell nobody."""

    def ended(self, record: StepRecord) -> None:
        """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What became of a plan: a record of every task, and the causes of those that failed."""

    records: tuple[StepRecord, ...]
    seconds: float
    failures: dict[str, Exception]
    exit_code: ExitCode

    def raise_if_failed(self, what: str = "the mesh could not be set up") -> None:
        """Raise ProvisioningError holding every cause, unless every step succeeded."""
        if self.failures:
            raise ProvisioningError(self.failures, exit_code=self.exit_code, what=what)


def perform(
    plan: Plan, mesh: Mesh, progress: Progress, *, abort: Callable[[], None] = lambda: None
) -> Performance:
    """Perform the plan and return what became of it.

    After the first failure no further step begins and those under way end at their next wait.
    `abort` ends the programs that are running; it is called when the user stops the run.
    """
    return _Performing(plan, mesh, progress, abort).run()


class _Performing:
    def __init__(
        self, plan: Plan, mesh: Mesh, progress: Progress, abort: Callable[[], None]
    ) -> None:
        self._plan, self._mesh, self._progress, self._abort = plan, mesh, progress, abort
        self._stop = threading.Event()
        self._began = now()
        self._records: dict[str, StepRecord] = {}
        self._failures: dict[str, tuple[Task, Exception]] = {}

    def run(self) -> Performance:
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="step") as pool:
            try:
                self._schedule(pool)
            except BaseException:
                self._stop.set()
                self._abort()
                raise
        records = tuple(
            self._records.get(task.name) or self._record(task, now(), ended=False)
            for task in self._plan.tasks
        )
        causes = {name: cause for name, (_, cause) in self._failures.items()}
        return Performance(records, now() - self._began, causes, self._blame())

    def _schedule(self, pool: ThreadPoolExecutor) -> None:
        waiting = list(self._plan.tasks)
        running: dict[Future[None], Task] = {}
        while waiting or running:
            # steps under way add their records meanwhile
            done = {record.step for record in tuple(self._records.values()) if record.ended}
            ready = [task for task in waiting if done.issuperset(task.after)]
            for task in [] if self._failures else ready:
                waiting.remove(task)
                running[pool.submit(copy_context().run, self._step, task)] = task
            if not running:
                break
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                running.pop(future)
                future.result()

    def _step(self, task: Task) -> None:
        began, name, cluster = now(), task.name, task.step.cluster

        def tell(what: str, seconds: float, last: str) -> None:
            self._progress.waiting(name, cluster, what, seconds, last)

        self._progress.started(name, cluster)
        try:
            with cancellable(self._stop), watched(tell):
                attempts = self._attempt(task, tell)
        except CancelledError as cause:
            record = self._record(task, began, error=str(cause), ended=False)
        except Exception as cause:  # noqa: BLE001  # every cause is kept and raised with the others
            record = self._record(task, began, error=str(cause), ended=False)
            self._failures[name] = (task, cause)
            self._stop.set()
        else:
            record = self._record(task, began, attempts=attempts)
        self._records[name] = record
        self._progress.ended(record)

    def _attempt(self, task: Task, tell: Callable[[str, float, str], None]) -> int:
        """Do the step and return how often it was tried.

        Doing a step twice changes nothing more, so one that an API server left without an answer is
        tried again: a loaded machine is not a broken mesh.
        """
        for attempt in range(1, ATTEMPTS):
            try:
                task.step(self._mesh)
            except UnreachableError as cause:
                tell(f"{task.name}: attempt {attempt + 1}", 0.0, str(cause))
                sleep(PAUSE)
            else:
                return attempt
        task.step(self._mesh)
        return ATTEMPTS

    def _record(
        self,
        task: Task,
        began: float,
        *,
        error: str = "",
        ended: bool = True,
        attempts: int = 1,
    ) -> StepRecord:
        return StepRecord(
            step=task.name,
            cluster=task.step.cluster,
            layer=task.step.layer,
            after=task.after,
            started=began - self._began,
            seconds=now() - began,
            error=error,
            ended=ended,
            attempts=attempts,
        )

    def _blame(self) -> ExitCode:
        """A bug of ours outranks the environment, which outranks the mesh."""
        if not self._failures:
            return ExitCode.PASSED
        codes = set()
        for task, cause in self._failures.values():
            if not isinstance(cause, HarnessError):
                codes.add(ExitCode.BUG)
            elif task.step.layer is Layer.BENCH and cause.exit_code is ExitCode.MESH_FAILED:
                codes.add(ExitCode.HOST)
            else:
                codes.add(cause.exit_code)
        ranked = (ExitCode.BUG, ExitCode.USAGE, ExitCode.HOST, ExitCode.MESH_FAILED)
        return next(code for code in (*ranked, *codes) if code in codes)
