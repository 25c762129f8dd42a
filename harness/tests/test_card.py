from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import card as card_module
from harness.card import Card, Keep, folder_of, folders, new_name, standing
from harness.engine import Stack, Tools
from harness.engine.choose import Choice
from harness.engine.owner import Owner
from harness.errors import UsageError
from harness.journal import Journal
from harness.record import ProvisionRecord
from harness.settings import Settings
from harness.tests.topologies import multi_primary, primary_remote

MOMENT = datetime(2026, 11, 21, 5, 9, tzinfo=UTC)


def card(run: str = "r1") -> Card:
    """Return the card of a run."""
    settings = Settings()
    tool = Path("/tools/one")
    return Card(
        id=run,
        started=MOMENT,
        choice=Choice("embedded", "built", "no Docker", "no registry"),
        owner=Owner.this_process(run),
        stack=Stack(
            Tools(tool, tool, tool, tool), settings.images, settings.versions, True, None, None, {}
        ),
        settings=settings,
        keep=Keep.ALWAYS,
        environment={"DOCKER_HOST": "unix:///socket"},
        timings={"engine": 1.5},
        reproduces=primary_remote(),
    )


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the runs of a checkout are: there are none yet."""
    monkeypatch.setattr(card_module, "RUNS", tmp_path)
    return tmp_path


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whoever joins a run knows of it what its opener knew."""
    written = card()
    written.write(tmp_path / "r1")

    assert written == Card.read(tmp_path / "r1")


def test_runs_are_found_by_name_the_newest_first(runs: Path) -> None:
    """A folder without a card is no run, and neither is the pointer to the latest."""
    for name in ("11210509aaaa", "11210510bbbb"):
        card(name).write(runs / name)
    (runs / "11210511cccc").mkdir()
    (runs / "latest").symlink_to("11210510bbbb")

    assert ["11210510bbbb", "11210509aaaa"] == [each.name for each in folders()]
    assert runs / "11210509aaaa" == folder_of("11210509aaaa")
    with pytest.raises(UsageError, match="runs of this checkout: 11210510bbbb, 11210509aaaa"):
        folder_of("11210511cccc")


def test_what_came_up_whole_and_was_not_taken_down_stands(tmp_path: Path) -> None:
    """By the run's own records, in the order in which they were written."""
    journal = Journal(tmp_path / "records")
    one, other = primary_remote(), multi_primary()
    assert () == standing(tmp_path)
    journal.write(ProvisionRecord(one, "up", (), 60))
    journal.write(ProvisionRecord(other, "up", (), 60, error="no disk"))
    assert (one,) == standing(tmp_path)
    journal.write(ProvisionRecord(one, "down", (), 2))
    journal.write(ProvisionRecord(other, "up", (), 60))
    assert (other,) == standing(tmp_path)


def test_no_two_runs_have_the_same_name() -> None:
    """Two of one minute differ, and a later minute sorts later."""
    names = {new_name(MOMENT) for _ in range(20)}

    assert len(names) > 1
    assert all(name.startswith("11210509") for name in names)
    assert new_name(MOMENT) < new_name(MOMENT.replace(minute=10))
