from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import subprocess  # noqa: TID251  # a process that can be ended

import psutil
import pytest

from harness.engine.owner import Owner, State
from harness.errors import UsageError

HOUR = timedelta(hours=1)


def test_a_run_of_this_process_is_running() -> None:
    """The owner of a run that this very process opened lives."""
    assert Owner.this_process("r1").state() is State.RUNNING


def test_a_run_is_dead_once_its_process_is_gone() -> None:
    """A process that ended leaves its run dead, even as a zombie nobody has reaped."""
    child = subprocess.Popen(["sleep", "60"])
    started = psutil.Process(child.pid).create_time()
    owner = replace(Owner.this_process("r1"), pid=child.pid, started=started)
    assert owner.state() is State.RUNNING
    child.kill()
    psutil.wait_procs([psutil.Process(child.pid)], timeout=0.2)
    assert owner.state() is State.DEAD
    child.wait()
    assert owner.state() is State.DEAD


def test_a_process_that_took_over_the_number_is_not_the_owner() -> None:
    """A living process with the owner's number but another beginning does not keep a run alive."""
    owner = Owner.this_process("r1")
    assert replace(owner, started=owner.started - 60).state() is State.DEAD


def test_a_kept_run_outlives_its_process_until_its_time_is_over() -> None:
    """A kept run is no leftover before it expires, and is one afterwards."""
    dead = replace(Owner.this_process("r1"), started=0.0)
    assert dead.keeping(datetime.now(UTC) + HOUR).state() is State.KEPT
    assert dead.keeping(datetime.now(UTC) - HOUR).state() is State.EXPIRED


def test_a_run_of_another_host_counts_until_it_expires() -> None:
    """Processes of another host cannot be seen, so only time tells."""
    other = replace(Owner.this_process("r1"), host="elsewhere.invalid", pid=1)
    assert other.state() is State.RUNNING
    assert replace(other, expires=datetime.now(UTC) - HOUR).state() is State.DEAD


@pytest.mark.parametrize("run", ["", "a-b", "A", "a" * 21, "a/b", "a b"])
def test_a_name_that_could_be_mistaken_is_refused(run: str) -> None:
    """Runs are named by letters and digits alone, so that no prefix names two of them."""
    with pytest.raises(UsageError, match="1 to 20 lower-case letters and digits"):
        Owner.this_process(run)


def test_labels_and_files_bring_the_owner_back(tmp_path: Path) -> None:
    """What labels and a file say of an owner is the owner again."""
    owner = Owner.this_process("r1").keeping(datetime.now(UTC) + HOUR)
    owner.write(tmp_path / "owner.json")
    assert Owner.read(tmp_path / "owner.json") == owner
    back = Owner.of_labels({"com.example": "x", **owner.labels()})
    assert back is not None
    assert replace(back, started=owner.started) == owner
    assert back.state() is State.KEPT


def test_what_names_no_owner_is_none(tmp_path: Path) -> None:
    """Missing or broken files and labels of others name nobody."""
    (tmp_path / "half.json").write_text('{"run": "r1", "pi')
    assert Owner.read(tmp_path / "half.json") is None
    assert Owner.read(tmp_path / "absent.json") is None
    assert Owner.of_labels({"com.example": "x"}) is None
    assert Owner.of_labels({"meshproof.run": "a-b"}) is None
