from pathlib import Path

import pytest

from harness.tests.cli.conftest import Say

BROKEN = """
title: broken
clusters:
  - {name: east, primry: west}
  - {name: east}
"""

CORPUS = {
    "a verb that is nearly one": (["verfy"], ["'verfy'", "'verify'"]),
    "a verb that is none": (["frobnicate"], ["'frobnicate'", "--help"]),
    "an option that is nearly one": (["up", "--topologi", "x"], ["--topologi", "--topology"]),
    "an option without its value": (["up", "-t"], ["'-t'", "argument"]),
    "a value for a switch": (["gc", "--dry-run=yes"], ["'--dry-run'"]),
    "a word too many": (["gc", "now"], ["now", "gc --help"]),
    "an engine that is none": (["up", "--engine", "podman"], ["podman", "'embedded'"]),
    "images that are none": (["verify", "--images", "mine"], ["mine", "'upstream'"]),
    "a keep that is none": (["verify", "--keep", "yes"], ["yes", "'on-failure'"]),
    "a format that is none": (["status", "-o", "yaml"], ["yaml", "'json'"]),
    "a topology that is nearly one": (["plan", "-t", "mxed"], ["'mxed'", "'mixed'"]),
    "a topology that is none": (["verify", "-t", "zzz"], ["'zzz'", "primary-remote", "file"]),
    "a file that is not there": (["up", "-t", "no/such.yaml"], ["no/such.yaml", "check the path"]),
    "a folder for a file": (["plan", "-t", "./"], ["a folder"]),
    "a run where none is": (["down", "0815"], ["'0815'", "there are: none"]),
    "a check without a mesh": (["check"], ["no mesh is up", "meshproof up"]),
    "a shell without a mesh": (["shell"], ["no mesh is up", "meshproof up"]),
    "a check of another run": (["check", "--run", "0815"], ["'0815'", "not up"]),
    "a context of no cluster": (["check", "--context", "kind-a"], ["'kind-a'", "CLUSTER=CONTEXT"]),
    "own clusters and a run": (["check", "--run", "r1", "--context", "a=b"], ["--run", "take one"]),
    "exec of nothing": (["exec"], ["COMMAND", "exec --help"]),
    "an import of nothing": (["images", "import", "no.tar"], ["no.tar", "check the path"]),
    "an export to nowhere": (["images", "export", "no/x.tar"], ["no/x.tar", "check the path"]),
    "a drawing in no folder": (["plan", "--diagram", "no/x.svg"], ["no/x.svg", "no such file"]),
    "a drawing over a folder": (["plan", "--diagram", "."], ["is a directory", "name a file"]),
    "a drawing in JSON": (["plan", "--json", "--diagram", "-"], ["--json", "choose one"]),
    "workers that are no number": (["verify", "-n", "many"], ["'many'", "auto"]),
    "a report of no run": (["report", "show", "0815"], ["'0815'", "no report.json"]),
}


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_wrong_is_named_with_the_way_out(say: Say, name: str) -> None:
    """Exit 4, one line that holds the thing and what would be right, and no traceback."""
    words, holds = CORPUS[name]

    said = say(*words)

    assert (4, "") == (said.code, said.out)
    assert 1 == len(said.err.splitlines())
    assert said.err.startswith("meshproof: ")
    for part in holds:
        assert part in said.err


def test_every_problem_of_a_topology_file_is_said_at_once(say: Say, tmp_path: Path) -> None:
    """Each by its line and column, before anything is started."""
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN)

    said = say("up", "-t", str(file))

    assert 4 == said.code
    problems = said.err.splitlines()
    assert all(each.startswith(f"meshproof: {file}:") for each in problems)
    assert len(problems) > 1
    assert "did you mean 'primary'?" in said.err
