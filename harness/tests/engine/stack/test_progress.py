import pytest

from harness.engine.stack.progress import Progress, spoken


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 00 s"), (405, "6 min 45 s")]
)
def test_durations_are_said_in_minutes(seconds: float, words: str) -> None:
    """A duration of a minute and more is said in minutes and seconds."""
    assert spoken(seconds) == words


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress("waiting", "waits", 0, 8), "stack: waits"),
        (Progress("planned", "all", 1, 8, 90), "stack [1/8]: making all, about 1 min 30 s"),
        (
            Progress("going", "x", 1, 8, 30, 60),
            "stack [1/8]: still making x, 30 s of about 1 min 00 s",
        ),
        (Progress("made", "x", 2, 8, 30), "stack [2/8]: made x in 30 s"),
        (Progress("failed", "x", 2, 8, 30), "stack [2/8]: x failed after 30 s"),
    ],
    ids=lambda value: value.state if isinstance(value, Progress) else "",
)
def test_each_state_is_one_line(progress: Progress, line: str) -> None:
    """A progress reads as one line that says how far the stack is."""
    assert str(progress) == line
