from collections.abc import Iterator
from dataclasses import dataclass, field
import threading
from types import SimpleNamespace

import pytest

from harness import patience as patience_module
from harness.errors import CancelledError, DeadlineError, NotYet, UnreachableError
from harness.observation import NodeFact
from harness.patience import Patience, cancellable, settle, sleep, until, watched
from harness.verdict import Outcome, Verdict, failed, inconclusive, passed

SEEN = (NodeFact("east", "it is so", holds=True),)


@dataclass
class FakeClock:
    """A clock that only pauses move, and the pauses themselves."""

    time: float = 1000.0
    pauses: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return the time."""
        return self.time

    def pause(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.pauses.append(seconds)
        self.time += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Let all of patience look at a fake clock."""
    clock = FakeClock()
    monkeypatch.setattr(patience_module, "now", clock.now)
    monkeypatch.setattr("tenacity.time", SimpleNamespace(monotonic=clock.now))
    return clock


def sights(*words: str) -> Iterator[str]:
    """Yield what is seen look by look; `now` is the thing itself."""
    yield from words


def look_at(seen: Iterator[str], kind: type[Exception] = NotYet) -> str:
    """Return `now` once it is seen, and raise all that is seen before."""
    if (word := next(seen)) != "now":
        raise kind(word)
    return "it"


def test_what_is_so_at_once_is_returned_without_a_pause(clock: FakeClock) -> None:
    """The first look comes before any wait, even with no patience at all."""
    assert until("it", lambda: "it", 0, pause=clock.pause) == "it"
    assert [] == clock.pauses


@pytest.mark.parametrize("kind", [NotYet, UnreachableError])
def test_what_is_not_yet_is_awaited(clock: FakeClock, kind: type[Exception]) -> None:
    """'Not yet' and an API server that does not answer are looked at again."""
    seen = sights("absent", "pending", "now")

    assert until("it", lambda: look_at(seen, kind), 60, pause=clock.pause) == "it"
    assert len(clock.pauses) == 2


def test_looks_are_spaced_wider_until_the_longest(clock: FakeClock) -> None:
    """Pauses double from the first on and never exceed the longest."""
    seen = sights("1", "2", "3", "4", "5", "now")

    until("it", lambda: look_at(seen), Patience(60, first=0.1, longest=0.5), pause=clock.pause)

    assert [0.1, 0.2, 0.4, 0.5, 0.5] == pytest.approx(clock.pauses)


def test_patience_has_an_end(clock: FakeClock) -> None:
    """The wait ends within its seconds, with the number of looks and the last sight."""
    numbers = iter(range(1000))

    def never() -> None:
        raise NotYet(f"look {next(numbers)}")

    with pytest.raises(DeadlineError) as caught:
        until("west: ready", never, 10, pause=clock.pause)

    error = caught.value
    assert 9 <= sum(clock.pauses) <= 10
    assert sum(clock.pauses) == pytest.approx(error.seconds)
    assert len(clock.pauses) + 1 == error.attempts
    assert ("west: ready", f"look {error.attempts - 1}") == (error.what, error.last)
    assert isinstance(error.__cause__, NotYet)


def test_a_wait_without_patience_looks_once(clock: FakeClock) -> None:
    """With no seconds to spare the first 'not yet' is the last."""
    with pytest.raises(DeadlineError, match="1 looks; seen last: absent"):
        until("it", lambda: look_at(sights("absent")), 0, pause=clock.pause)

    assert [] == clock.pauses


def test_any_other_error_ends_the_wait_at_once(clock: FakeClock) -> None:
    """What is not 'not yet' passes through unchanged."""
    with pytest.raises(KeyError, match="broken"):
        until("it", lambda: look_at(sights("broken"), KeyError), 60, pause=clock.pause)

    assert [] == clock.pauses


def test_who_watches_is_told_each_sight(clock: FakeClock) -> None:
    """Each 'not yet' inside the block is told: what is awaited, how long so far, what was seen."""
    told: list[tuple[str, float, str]] = []
    seen = sights("absent", "pending", "now")

    with watched(lambda what, seconds, last: told.append((what, seconds, last))):
        until(
            "west: ready",
            lambda: look_at(seen),
            Patience(60, first=2, longest=9),
            pause=clock.pause,
        )
    until("unwatched", lambda: look_at(sights("now")), 1, pause=clock.pause)

    assert [("west: ready", 0, "absent"), ("west: ready", 2, "pending")] == told


def test_a_stopped_run_ends_its_waits() -> None:
    """Inside the block a set event ends a pause at once, with CancelledError."""
    stop = threading.Event()
    stop.set()

    with cancellable(stop), pytest.raises(CancelledError):
        sleep(3600)
    with cancellable(stop), pytest.raises(CancelledError):
        until("it", lambda: look_at(sights("absent", "pending")), 3600)


def test_a_wait_outside_the_block_is_not_stopped() -> None:
    """After the block its event means nothing any more."""
    stop = threading.Event()
    stop.set()

    with cancellable(stop):
        pass

    sleep(0)


def test_blocks_within_each_other_give_the_outer_back() -> None:
    """The inner event holds inside the inner block only."""
    stop, inner = threading.Event(), threading.Event()
    stop.set()

    with cancellable(stop):
        with cancellable(inner):
            sleep(0)
        with pytest.raises(CancelledError):
            sleep(0)


def verdicts(*each: Verdict) -> Iterator[Verdict]:
    """Yield what is judged look by look."""
    yield from each


def no(reason: str) -> Verdict:
    """Return a fail."""
    return failed(SEEN, reason, expected="so", got="not so")


def test_judgement_settles_on_the_first_pass(clock: FakeClock) -> None:
    """Fails and inconclusive looks before are forgotten."""
    judged = verdicts(no("early"), inconclusive(SEEN, "lost"), passed(SEEN, "it is so"))

    verdict = settle(lambda: next(judged), 60, pause=clock.pause)

    assert passed(SEEN, "it is so") == verdict
    assert len(clock.pauses) == 2


def test_judgement_that_never_passes_ends_with_its_last_verdict(clock: FakeClock) -> None:
    """When the patience is over, what was seen last stands."""
    numbers = iter(range(1000))

    verdict = settle(lambda: no(f"look {next(numbers)}"), 5, pause=clock.pause)

    assert Outcome.FAIL is verdict.outcome
    assert f"look {len(clock.pauses)}" == verdict.reason
    assert 4 <= sum(clock.pauses) <= 5


def test_judgement_may_be_spaced_as_patience_says(clock: FakeClock) -> None:
    """Pauses double from the first on, as those of a step's wait do."""
    judged = verdicts(no("1"), no("2"), no("3"), passed(SEEN, "it is so"))

    settle(lambda: next(judged), Patience(60, first=0.5, longest=1), pause=clock.pause)

    assert [0.5, 1, 1] == clock.pauses


def test_patience_looks_often_at_first_and_every_second_later(clock: FakeClock) -> None:
    """Without a word of how looks are spaced: a tenth of a second, then never over a second."""
    seen = sights("1", "2", "3", "4", "5", "6", "now")

    until("it", lambda: look_at(seen), 60, pause=clock.pause)

    assert [0.1, 0.2, 0.4, 0.8, 1, 1] == pytest.approx(clock.pauses)


def test_judgement_without_patience_looks_once(clock: FakeClock) -> None:
    """A pass is no more awaited than there is patience."""
    judged = verdicts(inconclusive((), "nothing was seen"), passed(SEEN, "too late"))

    assert Outcome.INCONCLUSIVE is settle(lambda: next(judged), 0, pause=clock.pause).outcome


def test_a_crash_while_judging_passes_through(clock: FakeClock) -> None:
    """Settling swallows no exception: who judges decides what a crash means."""

    def crash() -> Verdict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        settle(crash, 60, pause=clock.pause)
