"""pytest in place of this process: it gets every signal, and its exit code is ours."""

from collections.abc import Iterator, Sequence
import os
from pathlib import Path
import sys
from typing import NoReturn

ROOT = Path(__file__).parents[2]
"""The checkout, where pytest finds its configuration and the scenarios."""


PLUGINS = ("xdist.plugin", "pytest_timeout")
"""What a run needs of the plugins that are installed; loading all of them takes a second more."""


def become_pytest(*args: str) -> NoReturn:
    """Run pytest with these arguments in the checkout; nothing of this process is left.

    Of other plugins only those are loaded that the arguments name (`-p`).
    """
    os.environ.setdefault("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    plugins = [word for name in PLUGINS for word in ("-p", name)]
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(ROOT)
    argv = [sys.executable, "-m", "pytest", *plugins, *args]
    os.execv(sys.executable, argv)  # noqa: S606  # no shell is wanted in between


def handed_on(given: Sequence[str], *, prove: bool) -> Iterator[str]:
    """Yield the user's pytest arguments, and what they leave open: where, and which marks."""
    marks = "" if prove else "not prove"
    rest = iter(given)
    paths = False
    for word in rest:
        if word == "-m":
            theirs = next(rest, "")
            marks = f"({theirs}) and {marks}" if marks else theirs
            continue
        paths = paths or (not word.startswith("-") and "scenarios" in Path(word).parts)
        yield word
    if marks:
        yield from ("-m", marks)
    if not paths:
        yield "scenarios"


def absolute(name: str) -> str:
    """Return a topology as it can be named from anywhere: its name, or its file in full."""
    from harness.topology_file import known  # noqa: PLC0415  # loads pydantic

    shipped = {path.stem for path in known()}
    return name if name in shipped else str(Path(name).absolute())
