import pytest

from harness.checks import names
from harness.tests.recordings import Recording, recordings
from harness.verdict import Outcome


@pytest.mark.parametrize(("outcome", "recording"), recordings(names.answered_with_exactly))
def test_a_name_has_exactly_its_addresses(outcome: Outcome, recording: Recording) -> None:
    """Another, one more and none fail, over either transport; no address leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(names.answered_with_exactly)


@pytest.mark.parametrize(("outcome", "recording"), recordings(names.unknown))
def test_a_name_that_is_not_there_is_unknown(outcome: Outcome, recording: Recording) -> None:
    """Only NXDOMAIN says so: a failed or an empty answer is something else."""
    assert recording.verdict(outcome) == recording.judged_by(names.unknown)


@pytest.mark.parametrize(("outcome", "recording"), recordings(names.known_without_data))
def test_a_name_without_data_is_known(outcome: Outcome, recording: Recording) -> None:
    """An empty NOERROR: a name that is denied would be denied for its other types too."""
    assert recording.verdict(outcome) == recording.judged_by(names.known_without_data)


@pytest.mark.parametrize(("outcome", "recording"), recordings(names.remembered_at_most))
def test_an_answer_is_not_remembered_for_long(outcome: Outcome, recording: Recording) -> None:
    """From one second to the limit, both within; nothing to remember fails."""
    assert recording.verdict(outcome) == recording.judged_by(names.remembered_at_most)
