import pytest

from harness.checks import reach
from harness.sampling import calls_needed
from harness.tests.recordings import Recording, recordings
from harness.tests.topologies import FORMS
from harness.verdict import Outcome


@pytest.mark.parametrize(("outcome", "recording"), recordings(reach.answered_by_exactly))
def test_the_answering_clusters_are_exactly_those_expected(
    outcome: Outcome, recording: Recording
) -> None:
    """Missing, extra and lost answers fail; too few calls and strangers leave it open."""
    assert recording.verdict(outcome) == recording.judged_by(reach.answered_by_exactly)


@pytest.mark.parametrize(("outcome", "recording"), recordings(reach.refused))
def test_a_refusal_counts_beside_an_answered_control(
    outcome: Outcome, recording: Recording
) -> None:
    """One answer is a fail; without try or control nothing is known."""
    assert recording.verdict(outcome) == recording.judged_by(reach.refused)


def test_one_call_less_than_needed_leaves_a_full_set_open() -> None:
    """Twenty-one calls tell two clusters from luck, twenty do not."""
    (passing,) = [
        each.values[1] for each in recordings(reach.answered_by_exactly) if each.id == "pass"
    ]
    calls = calls_needed(2)

    def judged(count: int) -> Outcome:
        seen = passing.observations[:count]
        return reach.answered_by_exactly(FORMS["primary-remote"], seen, **passing.params).outcome

    assert [Outcome.INCONCLUSIVE, Outcome.PASS] == [judged(calls - 1), judged(calls)]
