from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.cli.qualification import (
    NOT_REACHED,
    Stopped,
    Verified,
    pending,
    profiles,
)
from harness.errors import HostError, UsageError
from harness.matrix_file import Matrix, load
from harness.record import ClaimRecord
from harness.topology import Topology
from harness.topology_file import find
from reports.compose import compose
from reports.qualification.model import Profile, Result, Tool
from reports.report import Report
from reports.tests.records import ending, facts, no_answer, ran_all, reached, replies

TOOL = Tool(name="kind", version="0.33.0", digest="sha256:00")


class FakeVerifier:
    """Has every version but those it is told it has not, and fails what it is told to fail."""

    def __init__(self, *failing: str, **missing: Exception) -> None:
        self.failing, self.missing = failing, missing
        self.verified: dict[str, list[str]] = {}
        self.records = True
        self.stops_at = ""

    def obtain(self, istio: str) -> tuple[Tool, ...]:
        """Return a tool, unless this version is missing."""
        if cause := self.missing.get("v" + istio.replace(".", "_")):
            raise cause
        return (TOOL,)

    def verify(self, istio: str, named: Sequence[str]) -> Verified:
        """Return the record of a run in which each topology made one claim."""
        self.verified[istio] = list(named)
        report = self._report([find(name) for name in named]) if self.records else None
        stopped = istio == self.stops_at
        return Verified("reports/runs/r1", f"meshproof verify {istio}", 4, report, stopped)

    def _report(self, topologies: list[Topology]) -> Report:
        claims = [self._claim(each) for each in topologies]
        about = facts(Path("r1"), *topologies)
        return compose(about, claims, ran_all(*claims), ending(int(bool(self.failing))))

    def _claim(self, topology: Topology) -> ClaimRecord:
        names = topology.names
        seen = no_answer(names[0]) if topology.name in self.failing else replies(names[0], *names)
        return reached(names[0], seen, wanted=names, topology=topology)


def quietly(_line: str) -> None:
    """Take no notice."""


@pytest.fixture
def matrix(tmp_path: Path) -> Matrix:
    """Three versions, of which the oldest cannot be what one of two topologies describes."""
    path = tmp_path / "matrix.yaml"
    path.write_text(
        "title: x\nistio: [1.31.0, 1.29.2, 1.23.8]\n"
        "topologies: [primary-remote, primary-remote-value]\n"
    )
    return load(path)


def results(profile: Profile) -> list[Result]:
    """Return the results of a profile's cells."""
    return [cell.result for cell in profile.cells]


def test_each_version_is_one_run_of_what_applies_to_it(matrix: Matrix) -> None:
    """What does not apply is a cell with its reason, and nobody tries it."""
    verifier, said = FakeVerifier(), list[str]()
    found = list(profiles(matrix, verifier, said.append))

    assert verifier.verified == {
        "1.31.0": ["primary-remote", "primary-remote-value"],
        "1.29.2": ["primary-remote", "primary-remote-value"],
        "1.23.8": ["primary-remote"],
    }
    assert [each.istio for each in found] == list(matrix.istio)
    assert results(found[0]) == [Result.PASS, Result.PASS]
    assert results(found[2]) == [Result.PASS, Result.NOT_APPLICABLE]
    assert found[2].cells[1].reason.endswith("it is read from 1.24 on")
    assert (found[0].run, found[0].tools) == ("reports/runs/r1", (TOOL,))
    assert found[0].command == "meshproof verify 1.31.0"
    assert said[-1] == "Istio 1.23.8: 1 passed, 1 not applicable"


def test_a_topology_that_fails_is_one_red_cell(matrix: Matrix) -> None:
    """The other topologies of the version stay what they are."""
    verifier = FakeVerifier("primary-remote")

    for each in profiles(matrix, verifier, quietly):
        assert results(each) == [
            Result.FAIL,
            Result.PASS if each.istio != "1.23.8" else Result.NOT_APPLICABLE,
        ]


@pytest.mark.parametrize("cause", [UsageError("no registry has it"), HostError("no disk left")])
def test_a_version_that_cannot_be_had_is_said_so(matrix: Matrix, cause: Exception) -> None:
    """With its cause in every cell that would have needed it; the others are verified."""
    verifier = FakeVerifier(v1_31_0=cause, v1_23_8=cause)
    first, second, third = profiles(matrix, verifier, quietly)

    assert results(first) == [Result.UNAVAILABLE, Result.UNAVAILABLE]
    assert {cell.reason for cell in first.cells} == {str(cause)}
    assert results(second) == [Result.PASS, Result.PASS]
    assert results(third) == [Result.UNAVAILABLE, Result.NOT_APPLICABLE]
    assert list(verifier.verified) == ["1.29.2"]


def test_a_version_to_which_nothing_applies_is_not_obtained(tmp_path: Path) -> None:
    """There is nothing to have it for."""
    path = tmp_path / "matrix.yaml"
    path.write_text("title: x\nistio: [1.9.5]\ntopologies: [primary-remote]\n")
    (only,) = profiles(load(path), FakeVerifier(v1_9_5=UsageError("never asked")), quietly)

    assert results(only) == [Result.NOT_APPLICABLE]


def test_a_run_without_a_record_is_inconclusive(matrix: Matrix) -> None:
    """Its exit code and what to look at are the reason."""
    verifier = FakeVerifier()
    verifier.records = False
    first = next(profiles(matrix, verifier, quietly))

    assert results(first) == [Result.INCONCLUSIVE, Result.INCONCLUSIVE]
    assert "ended with 4 and left no record" in first.cells[0].reason
    assert (first.run, first.versions) == ("", None)


def test_who_is_stopped_keeps_what_the_last_run_came_to(matrix: Matrix) -> None:
    """No further version is begun."""
    verifier = FakeVerifier()
    verifier.stops_at = "1.29.2"
    found: list[Profile] = []
    with pytest.raises(Stopped) as caught:
        found.extend(profiles(matrix, verifier, quietly))

    assert results(caught.value.profile) == [Result.PASS, Result.PASS]
    assert list(verifier.verified) == ["1.31.0", "1.29.2"]


def test_before_anything_ran_nothing_is_known(matrix: Matrix) -> None:
    """But what cannot apply."""
    found = pending(matrix)

    assert results(found["1.31.0"]) == [Result.INCONCLUSIVE, Result.INCONCLUSIVE]
    assert found["1.31.0"].cells[0].reason == NOT_REACHED
    assert results(found["1.23.8"]) == [Result.INCONCLUSIVE, Result.NOT_APPLICABLE]
