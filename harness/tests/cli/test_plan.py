import json
from pathlib import Path

import pytest

from harness.tests.cli.conftest import Say
from harness.topology_file import known


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a machine that lacks nothing: looking at the real one is slow and not what is asked."""
    monkeypatch.setattr("harness.cli.plan._missing", lambda: ())


@pytest.mark.parametrize("topology", [path.stem for path in known()])
def test_every_shipped_topology_can_be_planned(say: Say, topology: str) -> None:
    """In words, and as JSON with the same steps."""
    words = say("plan", "-t", topology)
    value = json.loads(say("plan", "-t", topology, "--json").out)

    assert 0 == words.code
    assert topology == value["topology"]["name"]
    assert value["steps"]
    assert all(f"  {each['step']}\n" in words.out for each in value["steps"])


def test_a_step_comes_after_those_it_needs(say: Say) -> None:
    """The numbers are an order in which all of it could be done."""
    steps = json.loads(say("plan", "--json").out)["steps"]
    stages = {each["step"]: each["stage"] for each in steps}

    assert all(stages[before] < each["stage"] for each in steps for before in each["after"])


def test_a_plan_can_be_drawn(say: Say, tmp_path: Path) -> None:
    """Into a file, which is named, or to standard output and nothing else with it."""
    path = tmp_path / "mixed.svg"
    told = say("plan", "-t", "mixed", "--diagram", str(path))
    shown = say("plan", "-t", "mixed", "--diagram", "-")

    assert (0, f"{path}: open it in a browser\n") == (told.code, told.out)
    assert path.read_text(encoding="utf-8") == shown.out
    assert shown.out.startswith("<svg")
    assert shown.out.endswith("</svg>\n")
