"""pytest in place of this process: it gets every signal, and its exit code is ours."""

import os
from pathlib import Path
import sys
from typing import NoReturn

ROOT = Path(__file__).parents[2]
"""The checkout, where pytest finds its configuration and the scenarios."""


def become_pytest(*args: str) -> NoReturn:
    """Run pytest with these arguments in the checkout; nothing of this process is left."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(ROOT)
    argv = [sys.executable, "-m", "pytest", *args]
    os.execv(sys.executable, argv)  # noqa: S606  # no shell is wanted in between
