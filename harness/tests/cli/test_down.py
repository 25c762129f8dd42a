from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import json

import pytest

from harness.engine.owner import Owner
from harness.engine.sweep import Leftover
from harness.tests.cli.conftest import Say, card

Machine = Callable[..., list[str]]
THEIRS = "theirs1"
"""A run of another checkout."""


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Put runs on the machine and return the list of those that were put away."""

    def holds(*runs: Leftover) -> list[str]:
        there, gone = list(runs), list[str]()

        def put_away(_shell: object, each: Leftover) -> None:
            there.remove(each)
            gone.append(each.run)

        def put_away_dead(_shell: object) -> tuple[Leftover, ...]:
            dead = tuple(each for each in there if each.abandoned)
            for each in dead:
                put_away(None, each)
            return dead

        monkeypatch.setattr("harness.cli.standing.leftovers", lambda _shell: tuple(there))
        monkeypatch.setattr("harness.leftovers.leftovers", lambda _shell: tuple(there))
        monkeypatch.setattr(
            "harness.cli.standing._card", lambda run: None if run == THEIRS else card(run)
        )
        monkeypatch.setattr("harness.leftovers.put_away", put_away)
        monkeypatch.setattr("harness.leftovers.put_away_dead", put_away_dead)
        return gone

    return holds


def at_work(run: str) -> Leftover:
    """Return a run whose process lives."""
    return Leftover(run, "embedded", Owner.this_process(run), ("process 7",))


def kept(run: str) -> Leftover:
    """Return a run that was left up on purpose."""
    owner = Owner.this_process(run).keeping(datetime.now(UTC) + timedelta(hours=1))
    return Leftover(run, "embedded", owner, ("process 8",))


def dead(run: str) -> Leftover:
    """Return what is left of a run that was killed."""
    return Leftover(run, "embedded", None, ("network namespace meshproof-x", "process 9"))


def test_down_puts_away_the_mesh_that_is_kept(say: Say, machine: Machine) -> None:
    """And what dead runs have left; whoever is at work goes on."""
    gone = machine(at_work("r1"), kept("r2"), dead("r3"))

    said = say("down")

    assert (0, ["r2", "r3"]) == (said.code, gone)
    assert 2 == len(said.out.splitlines())


def test_down_leaves_what_another_checkout_keeps(say: Say, machine: Machine) -> None:
    """Unless it is named, or everything is."""
    gone = machine(kept("r1"), kept(THEIRS))

    assert (0, ["r1"]) == (say("down").code, gone)
    assert f"`meshproof down {THEIRS}` ends it" in say("down").out
    assert (0, ["r1", THEIRS]) == (say("down", THEIRS).code, gone)


def test_down_asks_back_when_several_are_kept(say: Say, machine: Machine) -> None:
    """Nothing goes by accident."""
    gone = machine(kept("r1"), kept("r2"))

    assert (4, []) == (say("down").code, gone)
    assert (0, ["r2"]) == (say("down", "r2").code, gone)


def test_all_that_is_left_goes_with_all(say: Say, machine: Machine) -> None:
    """A run at work is named, and how to end it."""
    gone = machine(at_work("r1"), kept("r2"), kept("r3"), dead("r4"))

    said = say("down", "--all")

    assert (0, ["r2", "r3", "r4"]) == (said.code, gone)
    assert "`meshproof down r1` ends it" in said.out


def test_a_run_at_work_goes_when_it_is_named(say: Say, machine: Machine) -> None:
    """Whoever names it means it."""
    gone = machine(at_work("r1"))

    assert (0, ["r1"]) == (say("down", "r1").code, gone)


@pytest.mark.parametrize("words", [["down"], ["down", "--all"], ["gc"], ["gc", "--dry-run"]])
def test_nothing_to_do_is_well(say: Say, machine: Machine, words: list[str]) -> None:
    """It is said, and it is no error."""
    machine()

    said = say(*words)

    assert 0 == said.code
    assert "nothing is" in said.out


def test_gc_takes_only_what_is_dead(say: Say, machine: Machine) -> None:
    """A dry run says the same and does nothing."""
    gone = machine(at_work("r1"), kept("r2"), dead("r3"))

    assert "would put away run r3" in say("gc", "--dry-run").out
    assert [] == gone
    assert "put away run r3" in say("gc").out
    assert ["r3"] == gone


def test_status_tells_every_run(say: Say, machine: Machine) -> None:
    """As a table, by name only, or as JSON."""
    machine(at_work("r1"), kept("r2"))

    assert ["RUN", "r1", "r2"] == [line.split()[0] for line in say("status").out.splitlines()]
    assert "r1\nr2\n" == say("status", "-o", "short").out
    assert ["running", "kept"] == [
        each["state"] for each in json.loads(say("status", "-o", "json").out)
    ]
