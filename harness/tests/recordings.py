"""Recordings of what was seen, and the verdict that a check must come to.

`recorded/<check>/<outcome>[-<why>].json` holds the topology by its name, the check's parameters,
the observations and the words of the verdict. What a real mesh showed is named
`<outcome>-recorded.json`, its topology `scenarios/<name>`.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
import pytest

from harness.observation import Observation
from harness.tests.topologies import FORMS
from harness.topology import Topology
from harness.topology_file import find
from harness.verdict import Outcome, Verdict

FOLDER = Path(__file__).parent / "recorded"


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a verdict."""

    reason: str
    expected: str = ""
    got: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a check was given."""

    topology: str
    params: dict[str, Any]
    told: Told
    observations: tuple[Annotated[Observation, Field(discriminator="kind")], ...]

    def judged_by(self, check: Any) -> Verdict:
        """Return the check's verdict."""
        verdict: Verdict = partial(check, **self.params)(named(self.topology), self.observations)
        return verdict

    def verdict(self, outcome: Outcome) -> Verdict:
        """Return the verdict that the check must come to."""
        told = self.told
        return Verdict(outcome, told.reason, self.observations, told.expected, told.got)


def named(name: str) -> Topology:
    """Return one of the usual forms, or the shipped topology of `scenarios/<name>`."""
    _, shipped, rest = name.partition("scenarios/")
    return find(rest) if shipped else FORMS[name]


adapter = TypeAdapter(Recording)


def recordings(check: Any) -> list[Any]:
    """Return outcome and recording of each of a check's files, for parametrized tests."""
    return [
        pytest.param(
            Outcome(path.stem.split("-")[0]), adapter.validate_json(path.read_bytes()), id=path.stem
        )
        for path in sorted((FOLDER / check.__name__).glob("*.json"))
    ]
