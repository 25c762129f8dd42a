from collections.abc import Iterator

import pytest

from harness import soundness
from harness.errors import UnreachableError
from harness.mesh import Mesh
from harness.soundness import Question, flaws, questions
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import primary_remote
from harness.verdict import Verdict, failed, passed


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """Return the questions that will be asked: none yet."""
    chosen: list[Question] = []

    def instead(_mesh: object) -> Iterator[Question]:
        yield from chosen

    monkeypatch.setattr(soundness, "questions", instead)
    return chosen


def holds(_topology: object, _seen: object) -> Verdict:
    """It holds."""
    return passed(["seen"], "so")  # type: ignore[list-item]  # nobody looks at it


def is_broken(_topology: object, _seen: object) -> Verdict:
    """It is broken."""
    return failed([], "west is silent", expected="west", got="nobody")


def test_a_mesh_of_which_all_was_seen_to_hold_has_no_flaw(asked: list[Question]) -> None:
    """Then there is nothing to do for it."""
    asked.append(Question("it stands", holds, list))

    assert () == flaws(fake_mesh(primary_remote()).mesh)


def test_what_does_not_hold_and_what_could_not_be_seen_are_flaws(asked: list[Question]) -> None:
    """Each in words, none hides another."""

    def lost() -> list[object]:
        raise UnreachableError("west does not answer")

    asked.append(Question("west answers", is_broken, list))
    asked.append(Question("it stands", holds, list))
    asked.append(Question("west is there", holds, lost))  # type: ignore[arg-type]  # it only raises

    assert (
        "west answers: no (west is silent)",
        "west is there: could not be seen (west does not answer)",
    ) == flaws(fake_mesh(primary_remote()).mesh)


def test_an_empty_cluster_has_flaws() -> None:
    """The real questions, put to clusters in which nothing is, are all answered no."""
    mesh = fake_mesh(primary_remote()).mesh
    asked = [each.claim for each in questions(mesh) if "is answered" not in each.claim]

    found = flaws_of(mesh, asked)

    assert asked == found


def flaws_of(mesh: Mesh, claims: list[str]) -> list[str]:
    """Return which of the claims are flawed, without a client being waited for."""
    return [
        each.claim
        for each in questions(mesh)
        if each.claim in claims and soundness._flaw(mesh, each)
    ]
