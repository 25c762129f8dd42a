from collections.abc import Callable
from pathlib import Path
import sys

import pytest

Becomes = Callable[..., list[str]]


def test_verify_is_pytest_on_the_scenarios_without_faults(becomes: Becomes) -> None:
    """The claims are judged, the mesh is not broken."""
    argv = becomes("verify")

    assert [sys.executable, "-m", "pytest"] == argv[:3]
    assert ["-m", "not prove", "scenarios"] == argv[9:]


def test_to_prove_the_checks_the_mesh_is_broken_too(becomes: Becomes) -> None:
    """With --prove nothing is left out."""
    assert ["scenarios"] == becomes("verify", "--prove")[9:]


def test_what_was_chosen_is_handed_on(becomes: Becomes) -> None:
    """Each option of ours is pytest's option of the same name."""
    argv = becomes(
        *("verify", "--engine", "docker", "--images", "built", "--keep", "on-failure"),
        *("-k", "reach", "--no-install", "-t", "mixed", "--istio-version", "1.29.2"),
    )

    assert "--topology=mixed" in argv
    assert "--no-install" in argv
    for pair in (
        ["--engine", "docker"],
        ["--images", "built"],
        ["--keep", "on-failure"],
        ["-k", "reach"],
        ["--istio-version", "1.29.2"],
    ):
        assert pair == argv[argv.index(pair[0]) :][:2]


@pytest.mark.parametrize(
    ("words", "workers"),
    [
        (["-t", "mixed", "-t", "multi-primary"], "auto"),
        ([], "auto"),
        (["--all"], "auto"),
        (["--all", "-n", "3"], "3"),
        (["-n", "1"], "1"),
    ],
)
def test_several_topologies_go_side_by_side(
    becomes: Becomes, words: list[str], workers: str
) -> None:
    """As many as fit, unless the user says how many."""
    argv = becomes("verify", *words)

    assert workers == argv[argv.index("-n") + 1]


def test_one_topology_needs_no_workers(becomes: Becomes) -> None:
    """Named twice it is still one."""
    assert "-n" not in becomes("verify", "-t", "mixed", "-t", "mixed")


def test_pytests_own_arguments_are_handed_on(becomes: Becomes) -> None:
    """What follows `--` is pytest's; tests that are named replace the whole folder."""
    argv = becomes("verify", "--", "-x", "scenarios/test_dns.py::test_names[mixed/east]")

    assert ["-x", "scenarios/test_dns.py::test_names[mixed/east]", "-m", "not prove"] == argv[9:]


def test_marks_of_the_user_narrow_ours(becomes: Becomes) -> None:
    """A mark expression does not bring the faults back."""
    argv = becomes("verify", "--", "-m", "slow or dns")

    assert ["-m", "(slow or dns) and not prove", "scenarios"] == argv[9:]


def test_a_file_of_the_user_is_found_from_the_checkout(
    becomes: Becomes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pytest runs elsewhere, so the file is named in full."""
    (tmp_path / "mine.yaml").write_text(
        "title: mine\nroot: shared\nclusters:\n  - {name: east}\n  - {name: west}\n"
    )
    monkeypatch.chdir(tmp_path)

    assert f"--topology={tmp_path}/mine.yaml" in becomes("verify", "-t", "mine.yaml")
