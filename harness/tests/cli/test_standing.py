from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harness.cli.standing import Standing, choose, kept
from harness.drivers.shell import LocalShell
from harness.engine.owner import Owner
from harness.engine.sweep import Leftover
from harness.errors import UsageError
from harness.tests.cli.conftest import card


def standing(run: str, *, ours: bool = True) -> Standing:
    """Return a run that is kept, of this checkout or another."""
    owner = Owner.this_process(run).keeping(datetime.now(UTC) + timedelta(hours=1))
    leftover = Leftover(run, "embedded", owner, ("process 1", "process 2"))
    return Standing(leftover, card(run) if ours else None)


def test_the_only_run_needs_no_name() -> None:
    """Which one is meant is plain, whatever other checkouts have up."""
    one = standing("r1")

    assert one == choose([standing("r0", ours=False), one], None)


def test_what_another_checkout_has_up_is_never_meant_unless_it_is_named() -> None:
    """It is told that it is there."""
    other = standing("r1", ours=False)

    with pytest.raises(UsageError, match="no mesh is up; other checkouts have r1"):
        choose([other], None)
    assert other == choose([other], "r1")


def test_a_mesh_of_another_checkout_is_used_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its records are there, not here."""
    monkeypatch.setattr("harness.cli.standing.runs", lambda _: (standing("r1", ours=False),))

    with pytest.raises(UsageError, match="run r1: another checkout brought it up"):
        kept(LocalShell(), "r1")


@pytest.mark.parametrize(
    ("there", "name", "said"),
    [
        ((), None, "no mesh is up"),
        (("r1", "r2"), None, "several meshes are up: name one of r1"),
        (("r1",), "r9", "run 'r9' is not up"),
        (("abcd1",), "abcd2", "did you mean 'abcd1'?"),
    ],
)
def test_what_is_unclear_is_asked_back(there: tuple[str, ...], name: str, said: str) -> None:
    """With what there is to choose from."""
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        choose([standing(run) for run in there], name)


def test_a_row_says_whose_it_is_and_until_when() -> None:
    """A run that nobody speaks for is nobody's."""
    row = standing("r1").row()
    nobodys = replace(standing("r1"), leftover=Leftover("r1", "embedded", None)).row()

    assert ("r1", "kept", "-") == (row["run"], row["state"], row["topology"])
    assert row["until"].endswith("UTC")
    assert ("nobody's", "dead") == (nobodys["whose"], nobodys["state"])
