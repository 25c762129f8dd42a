import pytest

from harness.checks import control_plane
from harness.tests.recordings import Recording, recordings
from harness.verdict import Outcome


@pytest.mark.parametrize(
    ("outcome", "recording"), recordings(control_plane.istiod_runs_only_in_primaries)
)
def test_istiod_runs_in_primaries_only(outcome: Outcome, recording: Recording) -> None:
    """Too many and too few fail; a cluster that was not looked at leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(
        control_plane.istiod_runs_only_in_primaries
    )


@pytest.mark.parametrize(
    ("outcome", "recording"), recordings(control_plane.every_proxy_is_served_by)
)
def test_proxies_are_in_sync_with_their_primary(outcome: Outcome, recording: Recording) -> None:
    """Unserved, stale or served by another fails; no proxy to serve leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(control_plane.every_proxy_is_served_by)


@pytest.mark.parametrize(("outcome", "recording"), recordings(control_plane.no_update_was_rejected))
def test_a_rejected_update_is_a_fail(outcome: Outcome, recording: Recording) -> None:
    """One proxy's rejected update fails; extensions are another claim's subject."""
    assert recording.verdict(outcome) == recording.judged_by(control_plane.no_update_was_rejected)


@pytest.mark.parametrize(
    ("outcome", "recording"),
    recordings(control_plane.no_istio_extension_is_asked_of_upstream_envoy),
)
def test_an_extension_of_istio_is_a_fail(outcome: Outcome, recording: Recording) -> None:
    """One proxy's extension fails; rejected updates are another claim's subject."""
    assert recording.verdict(outcome) == recording.judged_by(
        control_plane.no_istio_extension_is_asked_of_upstream_envoy
    )


@pytest.mark.parametrize(
    ("outcome", "recording"), recordings(control_plane.secrets_are_synced_exactly)
)
def test_exactly_the_attached_clusters_are_watched(outcome: Outcome, recording: Recording) -> None:
    """Missing, additional and unsynced clusters fail, for any of the primaries."""
    assert recording.verdict(outcome) == recording.judged_by(
        control_plane.secrets_are_synced_exactly
    )


@pytest.mark.parametrize(
    ("outcome", "recording"), recordings(control_plane.remotes_lead_to_their_primary)
)
def test_a_remote_leads_to_one_gateway(outcome: Outcome, recording: Recording) -> None:
    """Any other endpoint, even beside the right one, fails; no remote leaves it open."""
    assert recording.verdict(outcome) == recording.judged_by(
        control_plane.remotes_lead_to_their_primary
    )


@pytest.mark.parametrize(("outcome", "recording"), recordings(control_plane.pods_were_injected_by))
def test_sidecars_know_where_they_are(outcome: Outcome, recording: Recording) -> None:
    """No sidecar, another cluster, network or injector fails; unseen clusters leave it open."""
    assert recording.verdict(outcome) == recording.judged_by(control_plane.pods_were_injected_by)
