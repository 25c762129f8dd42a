import pytest

from harness.record import StepRecord
from reports.progress import Lines


def step(error: str = "", *, ended: bool = True) -> StepRecord:
    """Return a step that took 16.3 seconds from its plan's first second on."""
    return StepRecord("create east", "east", "bench", (), 1.0, 16.3, error, ended=ended)


@pytest.mark.parametrize(
    ("topology", "record", "line"),
    [
        ("", step(), "  √  17.3 s  east        create east (16.3 s)"),
        ("mixed", step(), "  √  17.3 s  mixed/east  create east (16.3 s)"),
        ("", step("no disk", ended=False), "  ×  17.3 s  east        create east: no disk"),  # noqa: RUF001
    ],
    ids=["alone", "among several", "failed"],
)
def test_a_step_that_ended_is_one_line(topology: str, record: StepRecord, line: str) -> None:
    """When, where, what, and for how long or why not."""
    told: list[str] = []
    Lines(told.append, topology=topology).ended(record)

    assert [line] == told


def test_a_step_that_never_ran_is_not_told() -> None:
    """Of steps given up because another failed there is nothing to say."""
    told: list[str] = []
    Lines(told.append).ended(step(ended=False))

    assert not told


def test_a_long_wait_is_told_now_and_then() -> None:
    """What is awaited, where, for how long, and what was seen last; every ten seconds at most."""
    told: list[str] = []
    lines = Lines(told.append)
    for seconds in (1.0, 9.0, 10.5, 11.0, 21.0):
        lines.waiting("create east", "east", "its node is Ready", seconds, "0 nodes")

    assert [
        "  …  10.5 s  east        its node is Ready: 0 nodes",
        "  …  21.0 s  east        its node is Ready: 0 nodes",
    ] == told
