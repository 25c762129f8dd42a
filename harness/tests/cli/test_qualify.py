from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli.qualification import Stopped
from harness.engine.choose import Choice
from harness.matrix_file import Matrix
from harness.tests.cli.conftest import Say
from reports.qualification import document
from reports.qualification.conclude import profile, unjudged
from reports.qualification.model import Profile, QualificationReport, Result

MATRIX = "title: A release\nistio: [1.31.0, 1.29.2]\ntopologies: [mixed]\n"
CHOICE = Choice("embedded", "built", engine_reason="asked", images_reason="asked")


class FakeBench:
    """Yields a profile for each version with the result it is told, or is stopped."""

    def __init__(self) -> None:
        self.results = {"1.31.0": Result.PASS, "1.29.2": Result.PASS}
        self.stopped_at = ""
        self.seen: list[QualificationReport] = []
        self.target = Path()

    def profiles(self, matrix: Matrix, _verifier: object, _say: object) -> Iterator[Profile]:
        """Yield each, having read what was written so far."""
        for istio in matrix.istio:
            self.seen.append(document.read(self.target))
            topology = matrix.subjects[0].topology
            found = profile(istio, [unjudged(topology, self.results[istio], "for a reason")])
            if istio == self.stopped_at:
                raise Stopped(found)
            yield found


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeBench:
    """Put a fake in place of engines and runs, and a matrix beside it."""
    fake = FakeBench()
    fake.target = tmp_path / "q.yaml"
    monkeypatch.setattr("harness.cli.qualification.profiles", fake.profiles)
    monkeypatch.setattr("harness.cli.verifier.chosen", lambda *_: CHOICE)
    (tmp_path / "matrix.yaml").write_text(MATRIX)
    monkeypatch.chdir(tmp_path)
    return fake


def qualify(say: Say, *words: str) -> tuple[int, str]:
    """Qualify by the matrix of the test."""
    said = say("qualify", "-f", "matrix.yaml", "--into", "q.yaml", *words)
    return said.code, said.out


def test_a_document_and_a_table_come_of_it(say: Say, bench: FakeBench, tmp_path: Path) -> None:
    """Green cells are exit 0."""
    code, out = qualify(say)
    report = document.read(tmp_path / "q.yaml")

    assert (code, report.exit_code, report.result) == (0, 0, Result.PASS)
    assert report.title == "A release"
    assert "PASS: 2 passed" in out
    assert f"document: {bench.target}" in out
    assert report.meshproof.version


def test_the_document_stands_after_every_version(say: Say, bench: FakeBench) -> None:
    """A qualification that is killed has told what it came to."""
    qualify(say)

    assert [[cell.result for cell in report.cells.values()] for report in bench.seen] == [
        [Result.INCONCLUSIVE] * 2,
        [Result.PASS, Result.INCONCLUSIVE],
    ]


@pytest.mark.parametrize(
    ("result", "code"),
    [(Result.FAIL, 1), (Result.UNAVAILABLE, 11), (Result.INCONCLUSIVE, 11)],
)
def test_it_ends_as_its_worst_cell(say: Say, bench: FakeBench, result: Result, code: int) -> None:
    """And says why that cell is not green."""
    bench.results["1.29.2"] = result
    ended, out = qualify(say)

    assert ended == code
    assert f"Istio 1.29.2, mixed: {result}" in out.replace("failed", "fail")
    assert "  for a reason" in out


def test_who_is_stopped_has_the_document_so_far(say: Say, bench: FakeBench) -> None:
    """Exit 2, with what the last run came to and what nobody came to."""
    bench.stopped_at = "1.31.0"
    code, out = qualify(say)
    report = document.read(bench.target)

    assert (code, report.exit_code) == (2, 2)
    assert [cell.result for cell in report.cells.values()] == [Result.PASS, Result.INCONCLUSIVE]
    assert "stopped: while Istio 1.31.0 was verified" in out


def test_an_earlier_document_is_compared(say: Say, bench: FakeBench, tmp_path: Path) -> None:
    """What turned red is told; the exit code stays the matrix's own."""
    qualify(say)
    (tmp_path / "q.yaml").rename(tmp_path / "old.yaml")
    bench.results["1.31.0"] = Result.UNAVAILABLE
    code, out = qualify(say, "--against", "old.yaml")

    assert code == 11
    assert "| red | mixed | Istio 1.31.0 | pass: for a reason | unavailable: for a reason |" in out


def test_what_cannot_be_read_is_said_before_anything_runs(
    say: Say, bench: FakeBench, tmp_path: Path
) -> None:
    """An earlier document that is none and a matrix that is broken are wrong usages."""
    (tmp_path / "matrix.yaml").write_text("istio: [1.31]\n")
    said = say("qualify", "-f", "matrix.yaml")
    assert said.code == 4
    assert [line.split(": ")[1] for line in said.err.splitlines()] == [
        "matrix.yaml:1:1",
        "matrix.yaml:1:9",
    ]

    (tmp_path / "matrix.yaml").write_text(MATRIX)
    said = say("qualify", "-f", "matrix.yaml", "--against", "matrix.yaml")
    assert (said.code, bench.seen) == (4, [])
    assert "no QualificationReport" in said.err
