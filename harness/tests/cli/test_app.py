from importlib.metadata import version
import subprocess  # noqa: TID251  # what a fresh process loads is what is asked
import sys

import pytest

from harness.settings import Versions
from harness.tests.cli.conftest import Say

VERBS = (
    "plan",
    "verify",
    "qualify",
    "up",
    "check",
    "shell",
    "exec",
    "dump",
    "status",
    "down",
    "doctor",
    "gc",
)


def test_help_names_every_verb(say: Say) -> None:
    """All that can be done is on one page, and no arguments means the same."""
    said = say("--help")

    assert said.code == 0
    assert all(f" {verb} " in said.out for verb in (*VERBS, "images", "report"))
    assert said.out == say().out


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_teaches_by_example(say: Say, verb: str) -> None:
    """Each shows a command line that can be pasted."""
    said = say(verb, "--help")

    assert said.code == 0
    assert f" meshproof {verb}" in said.out.partition("Usage:")[2].partition("\n")[2]


def test_help_loads_nothing_that_is_slow() -> None:
    """What makes `--help` late is loaded only by the verb that needs it."""
    slow = ("pydantic", "kubernetes", "yaml", "pytest", "cryptography", "psutil", "jinja2")
    code = (
        "import sys; from harness.cli.app import run; run(['--help']); "
        f"print([name for name in {slow!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert "[]" == done.stderr.strip()


def test_a_group_without_a_verb_shows_its_help(say: Say) -> None:
    """It is a wrong usage, and what would be right is on the screen."""
    for group in ("images", "report"):
        said = say(group)
        assert (4, True) == (said.code, "Usage:" in said.out)


def test_a_bug_of_ours_says_so_without_a_traceback(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 12, one line, and the way to see more: `--debug`, before or after the verb."""

    def broken(_name: str) -> None:
        raise ZeroDivisionError("three by nothing")

    monkeypatch.setattr("harness.topology_file.find", broken)

    said = say("plan")

    assert (12, 1) == (said.code, len(said.err.splitlines()))
    assert "three by nothing" in said.err
    assert "--debug" in said.err
    for words in (("--debug", "plan"), ("plan", "--debug")):
        with pytest.raises(ZeroDivisionError):
            say(*words)


def test_a_full_disk_is_the_machines_fault(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses is exit 10, named by its file."""

    def refused(_name: str) -> None:
        raise OSError(28, "No space left on device", "/cache/claims")

    monkeypatch.setattr("harness.topology_file.find", refused)

    said = say("plan")

    assert 10 == said.code
    assert said.err.startswith("meshproof: /cache/claims: no space left on device: ")


def test_ctrl_c_is_exit_2(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pytest has it; nothing is said that a user who stopped it would have to read."""

    def stopped(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("harness.topology_file.find", stopped)

    said = say("plan")

    assert (2, "") == (said.code, said.err)


def test_it_says_which_it_is(say: Say) -> None:
    """By its own version and that of the Istio that it is made for."""
    said = say("--version")

    assert 0 == said.code
    assert said.out == f"meshproof {version('meshproof')}, for Istio {Versions().istio}\n"
