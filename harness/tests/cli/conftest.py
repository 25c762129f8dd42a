"""The command line within a test: what it says, and what it would have become."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path
import signal
from types import SimpleNamespace
from typing import cast

import pytest

from harness.card import Card
from harness.cli.app import run


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Say = Callable[..., Said]


def card(run: str) -> Card:
    """Return the card of a run that this checkout opened and that has brought nothing up yet."""
    return cast("Card", SimpleNamespace(id=run, reproduces=None, started=datetime.now(UTC)))


class Became(BaseException):
    """Raised in place of becoming another program."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__(argv)
        self.argv = argv


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """Run a command line that finds nothing of other runs on this machine."""
    monkeypatch.setenv("MESHPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("harness.card.RUNS", tmp_path / "runs")
    monkeypatch.setattr("harness.cli.standing.RUNS", tmp_path / "runs")
    monkeypatch.setattr("harness.leftovers.leftovers", lambda _shell: ())
    monkeypatch.setattr("harness.cli.standing.leftovers", lambda _shell: ())
    monkeypatch.setattr("harness.leftovers.put_away_dead", lambda _shell: ())
    before = signal.getsignal(signal.SIGTERM)

    def command(*words: str) -> Said:
        try:
            code = run(words)
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = capsys.readouterr()
        return Said(int(code), out, err)

    return command


@pytest.fixture
def becomes(say: Say, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return the program that a command line becomes, with its arguments."""

    def instead(_program: str, argv: list[str]) -> None:
        raise Became(argv)

    monkeypatch.setattr(os, "execv", instead)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.chdir(Path.cwd())  # and back, when the test is over

    def command(*words: str) -> list[str]:
        with pytest.raises(Became) as caught:
            say(*words)
        return caught.value.argv

    return command
