"""Every error that meshproof raises on purpose, and who is to blame for it.

HarnessError                 a bug of ours (exit 12), unless a subclass says otherwise
├── UsageError               an option, a name or a file is wrong (exit 4); holds every problem
├── HostError                the machine lacks something (exit 10); holds every problem
├── CommandError             a program ended with an error; carries what to paste to see it again
├── UnreachableError         a cluster's API did not answer
├── RefusedError             a cluster's API answered, and said no
├── NotYet                   what is awaited is not so yet; only `patience` catches it
├── DeadlineError            a wait came to its end; carries what was seen last
├── CancelledError           another part failed or the user stopped the run
└── ProvisioningError        steps of a plan failed; holds each with its cause

Messages are lower-case, name the thing first and end with the way out.
"""

from collections.abc import Sequence
from enum import IntEnum
import shlex


class ExitCode(IntEnum):
    """What a run's exit status says; 2, 3, 4 and 5 keep pytest's own meaning."""

    PASSED = 0
    MESH_FAILED = 1
    INTERRUPTED = 2
    USAGE = 4
    NOTHING_RAN = 5
    HOST = 10
    INCONCLUSIVE = 11
    BUG = 12


class HarnessError(Exception):
    """The root: whatever meshproof raises on purpose is one of these."""

    exit_code = ExitCode.BUG


class UsageError(HarnessError):
    """What the user wrote cannot be used; `problems` lists all that is wrong with it."""

    exit_code = ExitCode.USAGE

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class HostError(HarnessError):
    """The machine cannot carry the run; `problems` lists all that is missing, with the way out."""

    exit_code = ExitCode.HOST

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CommandError(HarnessError):
    """A program ended with an error or ran past its time."""

    exit_code = ExitCode.MESH_FAILED

    def __init__(
        self, argv: Sequence[str], *, where: str, code: int | None, stdout: str, stderr: str
    ) -> None:
        ended = "did not end in time" if code is None else f"exited {code}"
        said = (stderr.strip() or stdout.strip() or "(it printed nothing)")[-2000:]
        super().__init__(f"{argv[0]} {ended} on {where}: {said}\n  again: {shlex.join(argv)}")
        self.argv, self.where, self.code = tuple(argv), where, code
        self.stdout, self.stderr = stdout, stderr


class UnreachableError(HarnessError):
    """A cluster's API server did not answer: nothing is known about what was asked."""

    exit_code = ExitCode.MESH_FAILED


class RefusedError(HarnessError):
    """A cluster's API server answered with an error; `status` is its HTTP code."""

    exit_code = ExitCode.MESH_FAILED

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class NotYet(HarnessError):  # noqa: N818  # a state of the world, not an error of anyone's
    """What is awaited is not so yet; the message says what was seen instead."""


class DeadlineError(HarnessError):
    """A wait ended before what it waited for came."""

    exit_code = ExitCode.MESH_FAILED

    def __init__(self, what: str, *, seconds: float, attempts: int, last: str) -> None:
        super().__init__(
            f"{what}: not so after {seconds:.0f} s and {attempts} looks; seen last: {last}"
        )
        self.what, self.seconds, self.attempts, self.last = what, seconds, attempts, last


class CancelledError(HarnessError):
    """The work was given up because another part failed or the user stopped the run."""

    exit_code = ExitCode.INTERRUPTED


class ProvisioningError(HarnessError):
    """Steps of a plan failed; `failures` maps each step's sentence to its cause."""

    def __init__(
        self,
        failures: dict[str, Exception],
        *,
        exit_code: ExitCode,
        what: str = "the mesh could not be set up",
    ) -> None:
        lines = [f"{step}: {cause}" for step, cause in failures.items()]
        super().__init__(f"{what}\n" + "\n".join(lines))
        self.failures = failures
        self.exit_code = exit_code
