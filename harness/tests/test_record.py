from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from harness.record import ClaimRecord, NotApplicable, ProvisionRecord, Record, StepRecord
from harness.tests.topologies import primary_remote
from harness.verdict import inconclusive


def test_every_record_tells_its_kind() -> None:
    """Each kind has a word of its own, by which a journal tells the lines apart."""
    words = {"provision", "claim", "not-applicable", "dump"}

    assert words == {each.__dataclass_fields__["kind"].default for each in get_args(Record)}


def test_records_start_from_the_usual_case() -> None:
    """A step has ended, a set-up without error, a claim must pass and no fault is in force."""
    step = StepRecord("create east", "east", "bench", (), 0.0, 1.5)
    up = ProvisionRecord(primary_remote(), "up", (step,), 1.5)
    verdict = inconclusive((), "nothing was seen")
    claim = ClaimRecord("test_x", "primary-remote", "it is so", "reach:x", {}, verdict, 1, 0.1)

    assert (True, "") == (step.ended, step.error)
    assert ("", {}, {}) == (up.error, up.nodes, up.gateways)
    assert ("", "pass") == (claim.fault, claim.wanted)


def test_a_record_never_changes() -> None:
    """What was written down is not altered afterwards."""
    record = NotApplicable("test_x", "alone", "it needs a remote")

    with pytest.raises(FrozenInstanceError):
        record.reason = "another"  # type: ignore[misc]
