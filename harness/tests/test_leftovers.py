from pathlib import Path

import pytest

from harness.engine.owner import Owner
from harness.engine.sweep import Leftover, Sweep
from harness.errors import CommandError, HostError
from harness.leftovers import brief, make_room, put_away
from harness.tests.engine_parts import ScriptedShell

DEAD = Leftover("r1", "docker", None, ("process 1", "process 2", "network namespace meshproof-r1"))


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a cache of the test's own."""
    monkeypatch.setenv("MESHPROOF_CACHE", str(tmp_path))


def sweeps(monkeypatch: pytest.MonkeyPatch, *there: Leftover, goes: bool = True) -> list[Leftover]:
    """Put leftovers on the machine, that go or do not, and return what is there."""
    left = list(there)

    def remove(_sweep: Sweep, each: Leftover) -> None:
        if goes:
            left.remove(each)

    def remove_all(_sweep: Sweep) -> tuple[Leftover, ...]:
        gone = tuple(left)
        left.clear()
        return gone

    monkeypatch.setattr(Sweep, "leftovers", lambda _sweep: tuple(left))
    monkeypatch.setattr(Sweep, "put_away", remove)
    monkeypatch.setattr(Sweep, "put_away_abandoned", remove_all)
    return left


def test_a_leftover_is_told_in_one_line() -> None:
    """Whose it is, and how many things of each kind."""
    owner = Owner.this_process("r2")

    assert "run r1 (docker, dead, owner unknown): process (2), network namespace (1)" == brief(DEAD)
    assert f"pid {owner.pid} on {owner.host}" in brief(Leftover("r2", "docker", owner))


def test_a_new_run_says_what_it_put_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each dead run, none when there is none."""
    said: list[str] = []
    sweeps(monkeypatch, DEAD)
    make_room(ScriptedShell(), said.append)
    make_room(ScriptedShell(), said.append)

    assert [f"put away what was left of {brief(DEAD)}"] == said


def test_what_cannot_be_put_away_stops_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, with the way to see more."""

    def refuse(_sweep: Sweep) -> None:
        raise CommandError(("ip", "netns"), where="here", code=1, stdout="", stderr="busy")

    said: list[str] = []
    monkeypatch.setattr(Sweep, "put_away_abandoned", refuse)
    make_room(ScriptedShell(), said.append)

    assert 1 == len(said)
    assert "busy" in said[0]
    assert "meshproof gc" in said[0]


def test_what_is_still_there_after_it_was_put_away_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is told that something is gone which is not."""
    sweeps(monkeypatch, DEAD, goes=False)

    with pytest.raises(HostError, match="still there"):
        put_away(ScriptedShell(), DEAD)


def test_what_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing of it is left."""
    left = sweeps(monkeypatch, DEAD)
    put_away(ScriptedShell(), DEAD)

    assert not left


def test_only_root_puts_a_private_engine_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user is told so before anything is touched."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(HostError, match="only root"):
        put_away(ScriptedShell(), Leftover("r1", "embedded", None))
