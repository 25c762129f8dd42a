from hypothesis import given, strategies
import pytest

from harness.errors import HarnessError
from harness.graph import Order, Plan, Task
from harness.tests.fakes import FakeStep


def test_a_task_is_named_by_its_sentence() -> None:
    """The sentence is what other tasks wait for."""
    assert "create east" == Task(FakeStep("create east"), ()).name


@given(strategies.data())
def test_every_step_comes_after_those_it_needs(data: strategies.DataObject) -> None:
    """In whatever order steps are added, the plan holds each once, in an order that works."""
    count = data.draw(strategies.integers(0, 10))
    needs = {
        number: data.draw(strategies.sets(strategies.sampled_from(range(number)), max_size=3))
        if number
        else set()
        for number in range(count)
    }
    order = Order()
    for number in data.draw(strategies.permutations(range(count))):
        order.add(FakeStep(f"{number}"), *(FakeStep(f"{each}") for each in needs[number]))

    plan = order.plan()

    done: set[str] = set()
    for task in plan.tasks:
        assert {f"{each}" for each in needs[int(task.name)]} == set(task.after)
        assert set(task.after) <= done
        done.add(task.name)
    assert {f"{number}" for number in needs} == done
    assert len(plan.tasks) == count == sum(len(stage) for stage in plan.stages())


def test_stages_count_the_longest_way() -> None:
    """A step stands in the stage after the last of those it needs."""
    one, two, three = (
        Task(FakeStep("one"), ()),
        Task(FakeStep("two"), ("one",)),
        FakeStep("three"),
    )
    last = Task(three, ("one", "two"))

    assert ((one,), (two,), (last,)) == Plan((one, two, last)).stages()
    assert () == Plan(()).stages()


def test_steps_that_wait_for_each_other_are_refused() -> None:
    """A circle is told by the sentences in it, instead of being sought for ever."""
    order = Order()
    one, two = FakeStep("one"), FakeStep("two")
    order.add(one, two)
    order.add(two, one)

    with pytest.raises(HarnessError, match="steps wait for each other: one, two"):
        order.plan()


def test_what_is_not_in_the_plan_is_not_waited_for() -> None:
    """A need counts only if someone performs it; needed twice, it is listed once."""
    order = Order()
    order.add(FakeStep("two"), FakeStep("one"), FakeStep("absent"), FakeStep("one"))
    order.add(FakeStep("one"))

    assert Plan((Task(FakeStep("one"), ()), Task(FakeStep("two"), ("one",)))) == order.plan()
