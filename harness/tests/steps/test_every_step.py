from collections.abc import Iterator
import dataclasses
from importlib import import_module
import inspect
import pkgutil
from typing import Any

import pytest

from harness import faults, steps
from harness.addresses import AddressRange
from harness.mesh import Layer

VALUES: dict[str, object] = {
    "addresses": AddressRange.parse("10.0.0.1-10.0.0.9"),
    "clusters": frozenset({"east"}),
}
"""What a step is made of beside names of clusters."""


def values_in(package: Any) -> Iterator[type[Any]]:
    """Yield the dataclasses of a package's modules."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = import_module(found.name)
        for _, each in inspect.getmembers(module, dataclasses.is_dataclass):
            if inspect.isclass(each) and each.__module__ == module.__name__:
                yield each


STEPS = [each for each in values_in(steps) if hasattr(each, "layer")]
FAULTS = [each for each in values_in(faults) if hasattr(each, "inject")]


def made(kind: type[Any], name: str) -> Any:
    """Return a step or a fault of clusters of that name."""
    return kind(*(VALUES.get(each.name, name) for each in dataclasses.fields(kind)))


@pytest.mark.parametrize("kind", [*STEPS, *FAULTS], ids=lambda kind: kind.__name__)
def test_a_step_is_a_value(kind: type[Any]) -> None:
    """Equal content is equal and hashed alike, and nothing of it can be changed or added."""
    step, first = made(kind, "east"), dataclasses.fields(kind)[0].name

    assert made(kind, "east") == step
    assert hash(made(kind, "east")) == hash(step)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(step, first, "west")
    assert not hasattr(step, "__dict__")


@pytest.mark.parametrize("kind", [*STEPS, *FAULTS], ids=lambda kind: kind.__name__)
def test_its_sentence_tells_where(kind: type[Any]) -> None:
    """The same step of another cluster reads otherwise; the sentence ends without a stop."""
    sentence = str(made(kind, "east"))

    assert "east" in sentence
    assert not sentence.endswith(".")
    named = {each.name for each in dataclasses.fields(kind)} - set(VALUES)
    assert not named or sentence != str(made(kind, "west"))


@pytest.mark.parametrize("kind", STEPS, ids=lambda kind: kind.__name__)
def test_a_step_says_what_it_builds_and_how_long_it_may_take(kind: type[Any]) -> None:
    """Its layer decides who is to blame, its deadline is within five minutes."""
    assert kind.layer in Layer
    assert 10 <= kind.seconds <= 300


def test_no_two_kinds_of_step_share_a_sentence() -> None:
    """In one plan they could not be told apart."""
    sentences = [str(made(kind, "east")) for kind in STEPS]

    assert len(sentences) == len(set(sentences))
