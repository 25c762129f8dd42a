import os
from pathlib import Path
import threading

import pytest

from harness.journal import Journal
from harness.observation import HttpReply, Unseen
from harness.record import ClaimRecord, NotApplicable, ProvisionRecord, Record, StepRecord
from harness.tests.topologies import primary_remote
from harness.verdict import failed

REPLY = HttpReply("east", "http://httpbin:8000/hostname", 503, error="no healthy upstream")
LOST = Unseen("west", "call", "the stream was lost")

PROVISION = ProvisionRecord(
    primary_remote(),
    "up",
    (
        StepRecord("create east", "east", "bench", (), 0.0, 9.5),
        StepRecord(
            "route east", "east", "bench", ("create east",), 9.5, 0.2, error="no", ended=False
        ),
    ),
    9.7,
    error="no",
    nodes={"east": "172.18.0.2"},
    gateways={"east": "172.18.255.239"},
)
CLAIM = ClaimRecord(
    test="scenarios/test_traffic.py::test_x[primary-remote/east]",
    topology="primary-remote",
    claim="Every call was answered.",
    check="reach:answered_by_exactly",
    params={"clusters": ["east", "west"]},
    verdict=failed([REPLY, LOST], "status 503", expected="200 from both", got="status 503 x1"),
    attempts=3,
    seconds=2.5,
    fault="gateway down",
    wanted="fail",
)
SKIPPED = NotApplicable("test_y", "alone", "it needs a remote")


@pytest.mark.parametrize("record", [PROVISION, CLAIM, SKIPPED], ids=lambda each: each.kind)
def test_what_is_written_is_read_back(tmp_path: Path, record: Record) -> None:
    """Every kind of record survives the journal as the same value."""
    journal = Journal(tmp_path / "run" / "records")

    journal.write(record)

    assert [record] == list(journal.read())


def test_records_are_read_in_the_order_of_writing(tmp_path: Path) -> None:
    """One process's records keep their order."""
    journal = Journal(tmp_path)

    for record in (SKIPPED, CLAIM, PROVISION):
        journal.write(record)

    assert [SKIPPED, CLAIM, PROVISION] == list(journal.read())


def test_a_record_is_on_disk_as_soon_as_it_is_written(tmp_path: Path) -> None:
    """Another reader sees it at once, in one line of the writing process's own file."""
    Journal(tmp_path).write(CLAIM)

    (file,) = tmp_path.iterdir()
    assert f"{os.getpid()}.jsonl" == file.name
    assert file.read_bytes().count(b"\n") == 1
    assert [CLAIM] == list(Journal(tmp_path).read())


def test_the_records_of_all_processes_are_read(tmp_path: Path) -> None:
    """What other workers wrote belongs to the run too, in the same order at each reading."""
    scratch = tmp_path / "scratch"
    for number in (3, 1, 4, 2):
        record = NotApplicable(f"test_{number}", "alone", "it needs a remote")
        Journal(scratch).write(record)
        (written,) = scratch.iterdir()
        written.rename(tmp_path / f"{number}.jsonl")

    assert [f"test_{number}" for number in (1, 2, 3, 4)] == [
        each.test for each in Journal(tmp_path).read() if isinstance(each, NotApplicable)
    ]


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    """Whole records before the cut stay readable."""
    journal = Journal(tmp_path)
    journal.write(SKIPPED)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + b'{"kind": "claim", "test": "cut o')

    assert [SKIPPED] == list(journal.read())


def test_words_with_line_breaks_stay_in_one_record(tmp_path: Path) -> None:
    """A reason of several lines, however they end, does not break the journal."""
    record = NotApplicable("test_x", "alone", "one\ntwo\r\nthree\rfour\u2028five")
    journal = Journal(tmp_path)

    journal.write(record)

    assert [record] == list(journal.read())


def test_threads_do_not_mix_their_lines(tmp_path: Path) -> None:
    """Records written side by side are all there, each whole."""
    journal = Journal(tmp_path)
    threads = [threading.Thread(target=journal.write, args=(CLAIM,)) for _ in range(20)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [CLAIM] * 20 == list(journal.read())


def test_a_run_that_wrote_nothing_has_no_records(tmp_path: Path) -> None:
    """A folder that is not there, or holds nothing of ours, reads as empty."""
    (tmp_path / "notes.txt").write_text("not ours\n")

    assert [] == list(Journal(tmp_path).read())
    assert [] == list(Journal(tmp_path / "absent").read())
