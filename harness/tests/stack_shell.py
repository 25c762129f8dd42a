"""A fake shell for tests of the stack: programs are functions that may write files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.access import Completed
from harness.errors import CommandError

Program = Callable[[tuple[str, ...]], str]
"""Takes the argument list, does its work, and returns what it prints; raises ValueError to fail."""


@dataclass
class FakeShell:
    """Runs the first function whose word stands in the command line; without one, nothing."""

    programs: Mapping[str, Program] = field(default_factory=dict)
    ran: list[tuple[str, ...]] = field(default_factory=list)
    aborted: int = 0

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,  # noqa: ARG002  # the protocol has it
        stdin: str | None = None,  # noqa: ARG002
        env: Mapping[str, str] | None = None,  # noqa: ARG002
        check: bool = True,
    ) -> Completed:
        """Pretend to run argv."""
        line = tuple(argv)
        self.ran.append(line)
        for word, program in self.programs.items():
            if word in line:
                try:
                    return Completed(line, 0, program(line), "", 0.0)
                except ValueError as problem:
                    if check:
                        raise CommandError(
                            line, where="a fake", code=1, stdout="", stderr=str(problem)
                        ) from None
                    return Completed(line, 1, "", str(problem), 0.0)
        return Completed(line, 0, "", "", 0.0)

    def abort(self) -> None:
        """Count that all was to be ended."""
        self.aborted += 1
