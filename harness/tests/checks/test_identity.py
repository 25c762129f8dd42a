import pytest

from harness.checks import identity
from harness.tests.recordings import Recording, recordings
from harness.verdict import Outcome


@pytest.mark.parametrize(("outcome", "recording"), recordings(identity.both_ends_are))
def test_every_reply_names_both_ends(outcome: Outcome, recording: Recording) -> None:
    """Any other or no identity at either end fails; no reply at all leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(identity.both_ends_are)


@pytest.mark.parametrize(("outcome", "recording"), recordings(identity.one_root))
def test_all_clusters_have_one_root(outcome: Outcome, recording: Recording) -> None:
    """Different or missing roots fail; a cluster that was not looked at leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(identity.one_root)
