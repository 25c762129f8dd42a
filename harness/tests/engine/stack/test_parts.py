from dataclasses import replace

import pytest

from harness.engine.stack import parts as parts_module
from harness.engine.stack.images import Image, Layer, Text
from harness.engine.stack.parts import (
    GoModule,
    NodeArchive,
    Part,
    Program,
    RootFileSystem,
    Wheel,
    fingerprints,
)

MODULE = GoModule(
    "module a", (("main.go", "package main"),), (Program(".", "a", (("v", "1"),), also=("b",)),)
)
PART = Part("a", "program a", MODULE, 10)


def _print(part: Part) -> str:
    return fingerprints((part,))[part.name]


@pytest.mark.parametrize(
    "recipe",
    [
        replace(MODULE, go_mod="module b"),
        replace(MODULE, sources=(("main.go", "package other"),)),
        replace(MODULE, programs=(Program(".", "a", (("v", "2"),), also=("b",)),)),
        replace(MODULE, programs=(Program(".", "a", (("v", "1"),)),)),
    ],
    ids=["go.mod", "source", "stamp", "name"],
)
def test_every_input_counts(recipe: GoModule) -> None:
    """A fingerprint changes with each thing that goes into a part."""
    assert _print(replace(PART, recipe=recipe)) != _print(PART)


def test_words_for_readers_do_not_count() -> None:
    """A fingerprint stays when only a title or the usual duration changes."""
    assert _print(replace(PART, title="other", usual=99)) == _print(PART)


def test_the_builder_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fingerprint changes with the number of the builder."""
    before = _print(PART)
    monkeypatch.setattr(parts_module, "BUILDER", parts_module.BUILDER + 1)
    assert _print(PART) != before


def test_equal_data_of_another_kind_is_another_part() -> None:
    """Two recipes of different kinds never share a fingerprint."""
    wheel = Wheel("debian", ())
    root = RootFileSystem("debian", ())
    assert _print(replace(PART, recipe=wheel)) != _print(replace(PART, recipe=root))


def test_what_is_needed_counts() -> None:
    """A part changes with the parts that it needs, and the others do not."""
    image = Image("node", (Layer((Text("/a", "a"),)),))
    node = Part("node", "node", NodeArchive(image), 1, needs=("a",))
    other = Part("other", "other", Wheel("x==1", ()), 1)
    before = fingerprints((PART, other, node))
    changed = replace(PART, recipe=replace(MODULE, go_mod="module b"))
    after = fingerprints((changed, other, node))
    assert before["node"] != after["node"]
    assert before["other"] == after["other"]
