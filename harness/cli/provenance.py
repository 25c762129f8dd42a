"""Which meshproof this is: its version, and the commit of the checkout where there is git."""

from importlib.metadata import PackageNotFoundError, version

from harness.cli.pytest_process import ROOT
from harness.drivers.shell import LocalShell
from harness.errors import HarnessError
from reports.qualification.model import Meshproof


def meshproof() -> Meshproof:
    """Return what an archived document says of its maker."""
    try:
        number = version("meshproof")
    except PackageNotFoundError:
        number = "unknown"
    return Meshproof(version=number, commit=_commit())


def _commit() -> str:
    try:
        argv = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
        return LocalShell().run(argv, timeout=10).stdout.strip()
    except HarnessError:
        return ""
