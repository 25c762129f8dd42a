"""Everything an engine needs before it starts: the machine fit for it, tools and images there."""

from collections.abc import Callable

from harness.access import Shell
from harness.engine import Stack
from harness.engine.choose import Choice
from harness.engine.doctor import ready
from harness.engine.finding import Mark
from harness.engine.stack.provide import provide
from harness.engine.stack.store import cache_folder
from harness.errors import HarnessError
from harness.settings import Versions


def prepare(
    choice: Choice, versions: Versions, shell: Shell, say: Callable[[str], None], *, install: bool
) -> Stack:
    """Return the stack that was chosen, having installed and built what may be.

    Raises HostError with everything that the machine lacks.
    """
    if choice.images == "existing":
        raise HarnessError("clusters of the user's own need no stack")
    findings = ready(
        shell, choice, versions=versions, cache=cache_folder(), may_install=install, say=say
    )
    for finding in findings:
        if finding.mark is Mark.WARN:
            say(f"{finding.mark} {finding}")
    return provide(choice.images, versions, shell, lambda made: say(str(made)), install=install)
