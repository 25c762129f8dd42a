from harness.record import StepRecord
from reports.report import Provision
from reports.tests.records import step
from reports.timeline import bars


def of(*steps: StepRecord, error: str = "") -> list[str]:
    """Return each bar as its step, kind and place."""
    provision = Provision(phase="up", seconds=40, steps=steps, error=error)
    return [f"{each.step}: {each.kind} {each.left}+{each.width}" for each in bars(provision)]


def test_bars_are_on_one_clock_sorted_by_cluster_and_start() -> None:
    """Twenty of forty seconds are half the width."""
    assert of(step("b", "2", 0, 20), step("c", "1", 20, 20), step("a", "1", 0, 10)) == [
        "a: work 0.0+25.0",
        "c: work 50.0+50.0",
        "b: work 0.0+50.0",
    ]


def test_waiting_is_told_apart_from_working() -> None:
    """A step that only awaits is of another kind."""
    assert of(step("await the address", "1", 0, 40)) == ["await the address: wait 0.0+100.0"]


def test_what_broke_is_told_apart_from_what_was_given_up() -> None:
    """Only the step that the set-up names is broken."""
    broken, given_up = step("a", "1", 0, 10, error="no"), step("b", "1", 0, 20, error="given up")

    assert of(broken, given_up, error="a: no") == ["a: broken 0.0+50.0", "b: undone 0.0+100.0"]


def test_a_step_of_no_length_can_be_seen() -> None:
    """And stays within the clock."""
    assert of(step("a", "1", 0, 40), step("b", "1", 40, 0))[1] == "b: work 99.4+0.6"
