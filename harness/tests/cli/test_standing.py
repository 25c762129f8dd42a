from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harness.cli.standing import Standing, choose
from harness.engine.owner import Owner
from harness.engine.sweep import Leftover
from harness.errors import UsageError


def standing(run: str) -> Standing:
    """Return a run that is kept, of another checkout."""
    owner = Owner.this_process(run).keeping(datetime.now(UTC) + timedelta(hours=1))
    return Standing(Leftover(run, "embedded", owner, ("process 1", "process 2")), None)


def test_the_only_run_needs_no_name() -> None:
    """Which one is meant is plain."""
    one = standing("r1")

    assert one == choose([one], None)


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
