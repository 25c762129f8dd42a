import pytest

from harness.checks import leftovers
from harness.tests.recordings import Recording, recordings
from harness.verdict import Outcome


@pytest.mark.parametrize(("outcome", "recording"), recordings(leftovers.left_as_found))
def test_clusters_are_left_as_they_were_found(outcome: Outcome, recording: Recording) -> None:
    """Both what is left and what is gone fail; what is known to stay may."""
    assert recording.verdict(outcome) == recording.judged_by(leftovers.left_as_found)
