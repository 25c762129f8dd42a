"""Properties are tried on the same examples each time, and no step keeps a test waiting."""

from collections.abc import Iterator
import threading

from hypothesis import settings
import pytest

from harness.patience import cancellable

# a red test is red for everyone
settings.register_profile(
    "same-each-time", derandomize=True, deadline=None, database=None, max_examples=60
)
settings.load_profile("same-each-time")


@pytest.fixture(autouse=True)
def at_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give up each wait of a step, probe or fault that is not over at its first look."""
    stopped = threading.Event()
    if {"faults", "probes", "steps"}.intersection(request.path.parts):
        stopped.set()
    with cancellable(stopped):
        yield
