"""The steps of one set-up as bars on a common clock, cluster by cluster."""

from dataclasses import dataclass

from reports.exits import broken_steps
from reports.report import Provision


@dataclass(frozen=True, slots=True)
class Bar:
    """One step; `left` and `width` are in hundredths of the whole set-up.

    `kind` is `work`, `wait` (a step that only awaits what another brings about), `broken`, or
    `undone` (never begun, or given up because another broke).
    """

    step: str
    cluster: str
    layer: str
    started: float
    seconds: float
    left: float
    width: float
    kind: str
    error: str


def bars(provision: Provision) -> tuple[Bar, ...]:
    """Return a bar for each step, by cluster and start; none is too thin to be seen."""
    broken = {step.step for step in broken_steps(provision)} if provision.error else set()
    whole = max((step.started + step.seconds for step in provision.steps), default=0) or 1
    found = []
    for step in sorted(provision.steps, key=lambda step: (step.cluster, step.started)):
        kind = "wait" if step.step.startswith("await ") else "work"
        if step.step in broken:
            kind = "broken"
        elif not step.ended:
            kind = "undone"
        width = max(100 * step.seconds / whole, 0.6)
        found.append(
            Bar(
                step=step.step,
                cluster=step.cluster,
                layer=step.layer,
                started=step.started,
                seconds=step.seconds,
                left=round(min(100 * step.started / whole, 100 - width), 1),
                width=round(width, 1),
                kind=kind,
                error=step.error,
            )
        )
    return tuple(found)
