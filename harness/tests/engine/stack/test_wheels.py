from pathlib import Path
import sys

import pytest

from harness.engine.stack import wheels
from harness.engine.stack.wheels import install_wheel
from harness.errors import HostError
from harness.tests.stack_shell import FakeShell


def _no_module(_name: str) -> None:
    return None


def test_pip_of_this_python_is_taken_first(tmp_path: Path) -> None:
    """A package is unpacked by this Python's own pip, without what it depends on."""
    shell = FakeShell()
    install_wheel("pkg==1", tmp_path, shell)
    (line,) = shell.ran
    assert line[:4] == (sys.executable, "-m", "pip", "install")
    assert line[-4:] == ("--no-deps", "--target", str(tmp_path), "pkg==1")


def test_uv_does_where_there_is_no_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an environment that uv made, uv unpacks the package."""
    monkeypatch.setattr(wheels, "find_spec", _no_module)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\n")
    uv.chmod(0o755)
    shell = FakeShell()
    install_wheel("pkg==1", tmp_path, shell)
    assert shell.ran[0][:3] == (str(uv), "pip", "install")


def test_no_installer_is_an_error_of_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where neither pip nor uv is there, the error says what to install."""
    monkeypatch.setattr(wheels, "find_spec", _no_module)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HostError, match="python3-pip"):
        install_wheel("pkg==1", tmp_path, FakeShell())
