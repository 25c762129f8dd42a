"""`python -m harness.engine.stack [upstream|built]`: provide the stack and print what it is."""

import sys

from harness.drivers.shell import LocalShell
from harness.engine.stack import provide
from harness.errors import HarnessError
from harness.settings import Versions

if __name__ == "__main__":
    try:
        stack = provide(
            "upstream" if "upstream" in sys.argv[1:] else "built",
            Versions(),
            LocalShell(),
            lambda progress: print(progress, flush=True),  # noqa: T201  # a command's output
            install=True,
        )
    except HarnessError as problem:
        sys.exit(str(problem))
    print(stack)  # noqa: T201  # a command's output
