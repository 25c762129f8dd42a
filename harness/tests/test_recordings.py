from collections.abc import Callable
from importlib import import_module
import inspect
import pkgutil
from typing import Any

import pytest

from harness import checks
from harness.observation import DnsReply, Endpoint, Unseen
from harness.tests.recordings import FOLDER, Recording, recordings
from harness.verdict import Outcome, Verdict

STRAYS = (
    Endpoint("east", "httpbin.sample.svc.cluster.local", "10.12.0.4", 8080, healthy=True),
    DnsReply("east", "httpbin.bar.global", "A", "NOERROR", ("240.0.0.2",), 5),
)
"""Kinds that few checks judge: of one of them at least, a check knows nothing."""
LOST = Unseen("east", "anything", "the API server does not answer")


def every_check() -> list[Callable[..., Verdict]]:
    """Return the public functions of all checks' modules."""
    modules = [
        import_module(each.name)
        for each in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}.")
    ]
    return [
        each
        for module in modules
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_")
        if inspect.signature(each).return_annotation in (Verdict, "Verdict")
    ]


every = pytest.mark.parametrize("check", every_check(), ids=lambda each: each.__name__)


def all_recordings() -> list[Any]:
    """Return check, outcome and recording of all files."""
    return [
        pytest.param(check, *each.values, id=f"{check.__name__}/{each.id}")
        for check in every_check()
        for each in recordings(check)
    ]


recorded = pytest.mark.parametrize(("check", "outcome", "recording"), all_recordings())


@every
def test_a_check_has_a_recording_of_each_outcome(check: Callable[..., Verdict]) -> None:
    """A check that was never seen to pass, fail and be inconclusive is not to be trusted."""
    assert set(Outcome) == {each.values[0] for each in recordings(check)}


def test_every_recording_has_its_check() -> None:
    """What is recorded is judged by someone."""
    assert {each.__name__ for each in every_check()} == {each.name for each in FOLDER.iterdir()}


@every
def test_a_check_claims_something(check: Callable[..., Verdict]) -> None:
    """Its docstring's first line is the sentence that the report shows."""
    assert (check.__doc__ or "").splitlines()[0].endswith(".")


@recorded
def test_the_order_of_what_was_seen_does_not_matter(
    check: Callable[..., Verdict], outcome: Outcome, recording: Recording
) -> None:
    """Seen the other way round, the outcome is the same."""
    backwards = tuple(reversed(recording.observations))
    turned = Recording(recording.topology, recording.params, recording.told, backwards)

    assert outcome is turned.judged_by(check).outcome


@recorded
def test_what_could_not_be_looked_at_is_never_a_pass(
    check: Callable[..., Verdict], outcome: Outcome, recording: Recording
) -> None:
    """One lost question among the answers takes every pass away."""
    del outcome
    more = (*recording.observations, LOST)
    spoiled = Recording(recording.topology, recording.params, recording.told, more)

    assert Outcome.PASS is not spoiled.judged_by(check).outcome


@recorded
def test_what_a_check_does_not_judge_is_no_evidence(
    check: Callable[..., Verdict], outcome: Outcome, recording: Recording
) -> None:
    """An observation of another kind, seen beside the rest, changes nothing."""
    judged = {seen.kind for each in recordings(check) for seen in each.values[1].observations}
    stray = next(each for each in STRAYS if each.kind not in judged)
    more = (stray, *recording.observations)
    beside = Recording(recording.topology, recording.params, recording.told, more)

    assert outcome is beside.judged_by(check).outcome
