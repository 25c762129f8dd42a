import pytest

from harness.checks import path
from harness.tests.recordings import Recording, recordings
from harness.verdict import Outcome


@pytest.mark.parametrize(("outcome", "recording"), recordings(path.endpoints_lead_by))
def test_calls_cross_networks_by_gateways_only(outcome: Outcome, recording: Recording) -> None:
    """Pods of other networks, missing, other and sick ways fail; no endpoint leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(path.endpoints_lead_by)
