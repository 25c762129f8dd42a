"""The command line: one file per verb, each a thin call of what does the work.

Nothing heavy is imported before a verb has been chosen, so that `--help` answers at once.
"""

import sys


def main() -> None:
    """Run the command that this process's arguments name, and exit with what it came to."""
    from harness.cli.app import run  # noqa: PLC0415  # at once, but not to whoever imports a part

    sys.exit(run(sys.argv[1:]))
