"""A graph of steps as a value: which there are, and which must have ended before which."""

from dataclasses import dataclass

from harness.errors import HarnessError
from harness.mesh import Step


@dataclass(frozen=True, slots=True)
class Task:
    """A step, and the sentences of the steps that must have ended before it."""

    step: Step
    after: tuple[str, ...]

    @property
    def name(self) -> str:
        """The step's sentence: unique within its plan."""
        return str(self.step)


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks, each after those it needs."""

    tasks: tuple[Task, ...]

    def stages(self) -> tuple[tuple[Task, ...], ...]:
        """Return the tasks by how many others must have ended before, for people to read."""
        depth: dict[str, int] = {}
        for task in self.tasks:
            depth[task.name] = max((depth[name] + 1 for name in task.after), default=0)
        return tuple(
            tuple(task for task in self.tasks if depth[task.name] == stage)
            for stage in sorted(set(depth.values()))
        )


class Order:
    """Collects tasks; what a step is said to need counts only if it is part of the plan."""

    def __init__(self) -> None:
        self._tasks: dict[str, tuple[Step, tuple[Step, ...]]] = {}

    def add(self, step: Step, *after: Step) -> None:
        """Add a step, and the steps that must have ended before it."""
        self._tasks[str(step)] = (step, after)

    def plan(self) -> Plan:
        """Return the plan of all that was added, each task after those it needs."""
        needs = {
            name: tuple(dict.fromkeys(str(each) for each in after if str(each) in self._tasks))
            for name, (_, after) in self._tasks.items()
        }
        ordered: list[str] = []
        while len(ordered) < len(needs):
            ready = [
                name
                for name, after in needs.items()
                if name not in ordered and all(each in ordered for each in after)
            ]
            if not ready:
                circle = ", ".join(name for name in needs if name not in ordered)
                raise HarnessError(f"steps wait for each other: {circle}")
            ordered += ready
        return Plan(tuple(Task(self._tasks[name][0], needs[name]) for name in ordered))
