from collections.abc import Callable
from itertools import pairwise
import threading

from hypothesis import given, strategies
import pytest

from harness import perform as perform_module
from harness.errors import (
    CommandError,
    ExitCode,
    HarnessError,
    HostError,
    NotYet,
    ProvisioningError,
    UnreachableError,
    UsageError,
)
from harness.graph import Plan, Task
from harness.mesh import Layer, Mesh
from harness.patience import Patience, sleep, until
from harness.perform import Performance, perform
from harness.tests.fakes import FakeBenchStep, FakeProgress, FakeStep, fake_mesh
from harness.tests.topologies import alone

MESH = fake_mesh(alone()).mesh


def task(
    name: str,
    *after: str,
    do: Callable[[Mesh], None] = lambda _: None,
    layer: Layer = Layer.MESH,
) -> Task:
    """Return a task of a fake step."""
    kind = FakeBenchStep if layer is Layer.BENCH else FakeStep
    return Task(kind(name, do=do), after)


def raising(error: BaseException) -> Callable[[Mesh], None]:
    """Return what a step does that fails so."""

    def fail(_: Mesh) -> None:
        raise error

    return fail


def performed(*tasks: Task, progress: FakeProgress | None = None) -> Performance:
    """Return what became of a plan of these tasks."""
    return perform(Plan(tasks), MESH, progress or FakeProgress())


def test_every_step_is_performed_on_the_mesh_once() -> None:
    """Each step is called with the mesh, exactly once, and recorded as ended."""
    called: list[tuple[str, Mesh]] = []

    result = performed(
        task("one", do=lambda mesh: called.append(("one", mesh))),
        task("two", "one", do=lambda mesh: called.append(("two", mesh))),
    )

    assert [("one", MESH), ("two", MESH)] == called
    assert [("one", True, ""), ("two", True, "")] == [
        (each.step, each.ended, each.error) for each in result.records
    ]
    assert ExitCode.PASSED is result.exit_code
    result.raise_if_failed()


def test_a_record_tells_what_the_step_was() -> None:
    """Cluster, layer and what it waited for are taken from the plan."""
    result = performed(task("one", layer=Layer.BENCH), task("two", "one"))

    assert [("east", "bench", ()), ("east", "mesh", ("one",))] == [
        (each.cluster, each.layer, each.after) for each in result.records
    ]


def test_records_stand_in_the_order_of_the_plan() -> None:
    """However steps ended, the account reads as the plan does."""
    first_may_end = threading.Event()
    result = performed(
        task("slow", do=lambda _: waited(first_may_end)),
        task("fast", do=lambda _: first_may_end.set()),
    )

    assert ["slow", "fast"] == [each.step for each in result.records]


def waited(event: threading.Event) -> None:
    """Wait for the event, and fail if it does not come."""
    if not event.wait(10):
        raise TimeoutError("nobody else was performed meanwhile")


def test_what_needs_nothing_of_each_other_goes_side_by_side() -> None:
    """Two steps that each wait for the other to begin both end."""
    one, two = threading.Event(), threading.Event()

    def first(_: Mesh) -> None:
        one.set()
        waited(two)

    def second(_: Mesh) -> None:
        two.set()
        waited(one)

    performed(task("one", do=first), task("two", do=second)).raise_if_failed()


@given(strategies.data())
def test_no_step_begins_before_what_it_needs_has_ended(data: strategies.DataObject) -> None:
    """Whatever the graph, every step ends after those it comes after."""
    count = data.draw(strategies.integers(1, 12))
    graph = {
        number: data.draw(strategies.sets(strategies.sampled_from(range(number)), max_size=3))
        if number
        else set()
        for number in range(count)
    }
    early: list[str] = []
    ended: set[str] = set()

    def doing(number: int) -> Callable[[Mesh], None]:
        def do(_: Mesh) -> None:
            early.extend(f"{each}" for each in graph[number] if f"{each}" not in ended)
            ended.add(f"{number}")

        return do

    tasks = [
        task(f"{number}", *map(str, sorted(needs)), do=doing(number))
        for number, needs in graph.items()
    ]

    result = performed(*tasks)

    assert [] == early
    assert {str(number) for number in graph} == ended
    assert ExitCode.PASSED is result.exit_code


def test_timings_are_told_from_the_beginning_of_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`started` counts from the plan's beginning, `seconds` from the step's own."""
    time = 100.0

    def take(seconds: float) -> Callable[[Mesh], None]:
        def do(_: Mesh) -> None:
            nonlocal time
            time += seconds

        return do

    monkeypatch.setattr(perform_module, "now", lambda: time)
    result = performed(task("one", do=take(2)), task("two", "one", do=take(3)))

    assert [(0, 2), (2, 3)] == [(each.started, each.seconds) for each in result.records]
    assert result.seconds == 5


def test_after_a_failure_no_further_step_begins() -> None:
    """What waited for the failed step, and what was not begun yet, is recorded as never ended."""
    begun: list[str] = []
    result = performed(
        task("bad", do=raising(HostError("no disk"))),
        task("after", "bad", do=lambda _: begun.append("after")),
    )

    assert [] == begun
    assert [("bad", False, "no disk"), ("after", False, "")] == [
        (each.step, each.ended, each.error) for each in result.records
    ]
    assert result.records[1].seconds < 0.01


def test_after_a_failure_not_even_what_does_not_need_it_begins() -> None:
    """A step that ends well after another failed opens the way for nobody."""
    failed, begun = threading.Event(), list[str]()

    def fail(_: Mesh) -> None:
        failed.set()
        raise HostError("no disk")

    def end_later(_: Mesh) -> None:
        waited(failed)
        while not bad_is_told.records:
            threading.Event().wait(0.001)

    bad_is_told = FakeProgress()
    result = performed(
        task("bad", do=fail),
        task("late", do=end_later),
        task("next", "late", do=lambda _: begun.append("next")),
        progress=bad_is_told,
    )

    assert [] == begun
    assert [False, True, False] == [each.ended for each in result.records]


def test_a_failure_stops_the_waits_of_the_others() -> None:
    """A step that waits ends at once when another fails; only the failed one is a failure."""
    waits = threading.Event()

    def wait_long(_: Mesh) -> None:
        waits.set()
        sleep(600)

    def fail(_: Mesh) -> None:
        waited(waits)
        raise HostError("no disk")

    result = performed(task("waits", do=wait_long), task("bad", do=fail))

    assert ["bad"] == list(result.failures)
    assert (False, "given up: the run was stopped") == (
        result.records[0].ended,
        result.records[0].error,
    )


def test_steps_that_fail_side_by_side_are_all_told() -> None:
    """Every cause is kept and raised together, beside its step's sentence."""
    barrier = threading.Barrier(2, timeout=10)
    one, two = (
        HostError("no disk"),
        CommandError(["kind"], where="here", code=1, stdout="", stderr="no"),
    )

    def failing(error: Exception) -> Callable[[Mesh], None]:
        def fail(_: Mesh) -> None:
            barrier.wait()
            raise error

        return fail

    result = performed(task("one", do=failing(one)), task("two", do=failing(two)))

    with pytest.raises(ProvisioningError) as caught:
        result.raise_if_failed()
    assert {"one": one, "two": two} == caught.value.failures
    assert result.exit_code is caught.value.exit_code


COMMAND = CommandError(["kind"], where="here", code=1, stdout="", stderr="no")


@pytest.mark.parametrize(
    ("code", "layer", "error"),
    [
        (ExitCode.BUG, Layer.BENCH, KeyError("x")),
        (ExitCode.BUG, Layer.MESH, HarnessError("x")),
        (ExitCode.USAGE, Layer.MESH, UsageError("x")),
        (ExitCode.HOST, Layer.MESH, HostError("x")),
        (ExitCode.HOST, Layer.BENCH, COMMAND),
        (ExitCode.MESH_FAILED, Layer.MESH, COMMAND),
    ],
    ids=[
        "a-crash",
        "a-bug-of-ours",
        "usage",
        "the-machine",
        "a-command-of-the-bench",
        "a-command-of-the-mesh",
    ],
)
def test_who_is_to_blame_follows_from_error_and_layer(
    code: ExitCode, layer: Layer, error: Exception
) -> None:
    """What fails below Istio is the environment's fault, Istio's own the mesh's."""
    assert code is performed(task("bad", do=raising(error), layer=layer)).exit_code


@pytest.mark.parametrize(
    ("code", "errors"),
    [
        (ExitCode.BUG, [HostError("x"), KeyError("x")]),
        (ExitCode.USAGE, [HostError("x"), UsageError("x")]),
        (ExitCode.HOST, [COMMAND, HostError("x")]),
    ],
    ids=["a-bug-first", "usage-before-host", "host-before-mesh"],
)
def test_of_several_causes_one_is_to_blame(code: ExitCode, errors: list[Exception]) -> None:
    """A bug of ours outranks the user's, the environment's and the mesh's."""
    barrier = threading.Barrier(2, timeout=10)

    def failing(error: Exception) -> Callable[[Mesh], None]:
        def fail(_: Mesh) -> None:
            barrier.wait()
            raise error

        return fail

    tasks = [task(f"{number}", do=failing(error)) for number, error in enumerate(errors)]

    assert code is performed(*tasks).exit_code


def test_progress_is_told_while_it_happens() -> None:
    """Begin, waits with what was seen, and end of every step are told with its cluster."""
    progress = FakeProgress()
    looks = iter(["absent", "now"])

    def look() -> None:
        if (word := next(looks)) != "now":
            raise NotYet(word)

    result = performed(
        task("one", do=lambda _: until("ready", look, Patience(5, first=0.001))),
        task("bad", "one", do=raising(HostError("no disk"))),
        progress=progress,
    )

    assert [("one", "east"), ("bad", "east")] == progress.begun
    assert [("one", "east", "ready", "absent")] == progress.waits
    assert list(result.records) == progress.records


def test_a_stop_by_the_user_ends_programs_and_waits() -> None:
    """Ctrl-C calls `abort`, stops the waits of steps under way, and passes through."""
    aborted: list[str] = []
    waits = threading.Event()

    def wait_long(_: Mesh) -> None:
        waits.set()
        sleep(600)

    def interrupt(_: Mesh) -> None:
        waited(waits)
        raise KeyboardInterrupt

    plan = Plan((task("waits", do=wait_long), task("stopped", do=interrupt)))

    with pytest.raises(KeyboardInterrupt):
        perform(plan, MESH, FakeProgress(), abort=lambda: aborted.append("once"))
    assert ["once"] == aborted


def test_an_empty_plan_is_performed() -> None:
    """Nothing to do is no error and leaves no record."""
    result = performed()

    assert ((), {}, ExitCode.PASSED) == (result.records, result.failures, result.exit_code)


def test_many_steps_of_one_stage_all_end() -> None:
    """A hundred steps side by side do not disturb each other's records."""
    tasks = [task(f"{number}") for number in range(100)]
    chain = [task(f"after {a}", f"{b}") for a, b in pairwise(range(100))]

    result = performed(*tasks, *chain)

    assert len(tasks) + len(chain) == sum(each.ended for each in result.records)


def test_a_step_is_tried_again_when_an_api_server_did_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twice more at most, and the record tells how often; what a server refused is not."""
    monkeypatch.setattr(perform_module, "PAUSE", 0.0)
    lost = iter([UnreachableError("lost"), UnreachableError("lost again")])

    def shaky(_: Mesh) -> None:
        for error in lost:
            raise error

    result = performed(task("shaky", do=shaky))

    assert [("shaky", True, 3)] == [
        (each.step, each.ended, each.attempts) for each in result.records
    ]
    deaf = performed(task("deaf", do=raising(UnreachableError("never there"))))
    assert ["never there"] == [each.error for each in deaf.records]
