import pytest

from harness.checks import nodes
from harness.tests.recordings import Recording, recordings
from harness.verdict import Outcome


@pytest.mark.parametrize(("outcome", "recording"), recordings(nodes.every_fact_holds))
def test_every_fact_must_hold(outcome: Outcome, recording: Recording) -> None:
    """One fact that does not hold fails; no fact at all leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(nodes.every_fact_holds)
