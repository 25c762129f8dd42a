"""Finds the tools that are on PATH already, and says which of them will do."""

import json
from pathlib import Path
import re
import shutil

from harness.access import Shell
from harness.settings import Versions

KUBECTL_SKEW = 1
"""Minor versions by which kubectl may be ahead of or behind the server."""


def tools_on_path(versions: Versions, shell: Shell) -> dict[str, Path]:
    """Map those of kind, kubectl and istioctl whose version on PATH fits to their program."""
    fits = {"kind": _kind_fits, "kubectl": _kubectl_fits, "istioctl": _istioctl_fits}
    found = {}
    for name, fitting in fits.items():
        program = shutil.which(name)
        if program and fitting(program, versions, shell):
            found[name] = Path(program).absolute()
    return found


def _says(shell: Shell, *argv: str) -> str:
    return shell.run(argv, timeout=30, check=False).stdout


def _numbers(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(number) for number in found.groups()) if found else ()


def _kind_fits(program: str, versions: Versions, shell: Shell) -> bool:
    said = _says(shell, program, "version")
    # after its own version it says which Go built it
    return _numbers(said.partition(" go")[0]) >= _numbers(versions.kind)


def _kubectl_fits(program: str, versions: Versions, shell: Shell) -> bool:
    said = _says(shell, program, "version", "--client", "-o", "json")
    try:
        has = _numbers(json.loads(said)["clientVersion"]["gitVersion"])
    except (ValueError, KeyError):
        return False
    wanted = _numbers(versions.kubernetes)
    return has[:1] == wanted[:1] and abs(has[1] - wanted[1]) <= KUBECTL_SKEW


def _istioctl_fits(program: str, versions: Versions, shell: Shell) -> bool:
    said = _says(shell, program, "version", "--remote=false")
    return _numbers(said) == _numbers(versions.istio)
