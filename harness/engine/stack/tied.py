"""Ties a program's life to ours, so that a build that is killed leaves nothing running."""

from collections.abc import Sequence
import shutil


def tied(argv: Sequence[str]) -> tuple[str, ...]:
    """Return argv such that the program is killed when the thread that waits for it ends."""
    if shutil.which("setpriv") is None:  # not Linux: there a program may outlive us
        return tuple(argv)
    return ("setpriv", "--pdeathsig", "KILL", *argv)


def confined(argv: Sequence[str]) -> tuple[str, ...]:
    """Return argv such that all it starts and mounts is gone with it; needs root."""
    return tied(("unshare", "--mount", "--pid", "--fork", "--kill-child", *argv))
