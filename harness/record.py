"""What a run leaves behind, piece by piece: values that are written the moment they are known.

`journal` keeps them, `reports` renders them; nothing here judges or renders.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from harness.topology import Topology
from harness.verdict import Verdict


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One performed step; `started` counts seconds from the plan's beginning.

    `error` is empty when the step succeeded, and `ended` is False when it never ran or was given
    up because another failed. `attempts` counts how often it was tried.
    """

    step: str
    cluster: str
    layer: str
    after: tuple[str, ...]
    started: float
    seconds: float
    error: str = ""
    ended: bool = True
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class ProvisionRecord:
    """How one topology was set up: every step with its timing, and the addresses planned.

    `phase` is `up` or `down`; `nodes` maps a cluster to its node's address, `gateways` to its
    gateway's.
    """

    topology: Topology
    phase: Literal["up", "down"]
    steps: tuple[StepRecord, ...]
    seconds: float
    error: str = ""
    nodes: dict[str, str] = field(default_factory=dict)
    gateways: dict[str, str] = field(default_factory=dict)
    kind: Literal["provision"] = "provision"


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """One claim, judged: which check, with which parameters, over which observations.

    `test` is pytest's node id, `check` is `module:function` below harness.checks, `attempts` the
    number of times it was looked at before it settled, `fault` the fault that was in force.
    """

    test: str
    topology: str
    claim: str
    check: str
    params: dict[str, Any]
    verdict: Verdict
    attempts: int
    seconds: float
    fault: str = ""
    wanted: Literal["pass", "fail"] = "pass"
    """What the scenario needs the verdict to be: `fail` where a fault must be caught."""
    kind: Literal["claim"] = "claim"


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A scenario that does not apply to a topology, and why."""

    test: str
    topology: str
    reason: str
    kind: Literal["not-applicable"] = "not-applicable"


@dataclass(frozen=True, slots=True)
class DumpRecord:
    """What a mesh looked like when it was red, and where that lies, below the run's folder.

    `test` is the first that was red, empty when the mesh did not come up; `missing` counts the
    pieces that could not be had whole.
    """

    topology: str
    folder: str
    seconds: float
    bytes: int
    missing: int = 0
    test: str = ""
    fault: str = ""
    kind: Literal["dump"] = "dump"


Record = ProvisionRecord | ClaimRecord | NotApplicable | DumpRecord
