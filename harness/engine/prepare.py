"""Everything an engine needs before it starts: the machine fit for it, tools and images there."""

from collections.abc import Callable

from harness.access import Shell
from harness.engine import Stack
from harness.engine.choose import Choice
from harness.engine.stack.provide import provide
from harness.settings import Versions


def prepare(
    choice: Choice, versions: Versions, shell: Shell, say: Callable[[str], None], *, install: bool
) -> Stack:
    """Return the stack that was chosen, having installed and built what may be.

    Raises HostError with everything that the machine lacks.
    """
    return provide(choice.images, versions, shell, lambda made: say(str(made)), install=install)
