from collections.abc import Iterator
from pathlib import Path
import re
import shlex
from types import ModuleType
from typing import Any

import pytest
import typer
import yaml

from harness.bench.__main__ import app as bench
from harness.cli.app import app as meshproof
from harness.errors import ExitCode
from harness.observation import HttpReply
from harness.tests.topologies import primary_remote
from harness.topology_file import find, known, load
from harness.verdict import Outcome

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def rows(first: str) -> list[list[str]]:
    """Return the rows of the table whose header begins with this word, cell by cell."""
    table = README.partition(f"| {first} |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def commands() -> Iterator[list[str]]:
    """Yield the words of every command line of a console block."""
    for block in blocks("console"):
        for line in block.splitlines():
            yield shlex.split(line, comments=True)


def options(verb: str) -> set[str]:
    """Return the options of a verb of the command line, or of the bench."""
    group: Any = typer.main.get_command(meshproof)
    command = typer.main.get_command(bench) if verb == "bench" else group.commands[verb]
    return {option for each in command.params for option in each.opts}


def inside(words: list[str]) -> str:
    """Return what a make command hands on to its target's program."""
    return next((word.removeprefix("ARGS=") for word in words if word.startswith("ARGS=")), "")


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_exists_with_its_options(words: list[str]) -> None:
    """What a reader types is a target or a verb, and takes the options shown."""
    program, verb, *rest = words
    if program == "make":
        assert re.search(rf"^{verb}: .*##", MAKEFILE, re.MULTILINE)
        rest = shlex.split(inside(rest))
    else:
        assert program == "meshproof"
    rest = rest[: rest.index("--")] if "--" in rest else rest

    asked = {word for word in rest if word.startswith("-")}
    assert not asked or asked <= options(verb)


def test_every_option_in_the_text_exists() -> None:
    """An option that is only spoken of is one of some verb."""
    group: Any = typer.main.get_command(meshproof)
    everything = set().union(*(options(verb) for verb in (*group.commands, "bench")))

    spoken = {
        word
        for code in re.findall(r"`([^`\n]+)`", README)
        for word in re.findall(r"(?:^|\s)(--?[a-z][a-z-]*)", code)
    }
    assert spoken
    assert spoken <= everything


def test_the_table_lists_exactly_the_shipped_topologies() -> None:
    """Each row names a topology and the documents that its file names."""
    listed = {row[0].strip("`"): set(row[-1].split(", ")) for row in rows("name")}

    assert listed == {
        path.stem: set(re.findall(r"\b00[0-4]\b", find(path.stem).document)) for path in known()
    }


def test_every_page_that_is_linked_exists() -> None:
    """No link into the repository leads nowhere."""
    linked = re.findall(r"\]\(([^):]+)\)", README)

    assert linked
    assert [page for page in linked if not (ROOT / page).is_file()] == []


def test_every_exit_code_is_told() -> None:
    """Those that are ours, in their order, no other."""
    assert [int(row[0]) for row in rows("exit code")] == sorted(ExitCode)


def test_the_example_of_a_topology_is_one(tmp_path: Path) -> None:
    """Whoever pastes it has a topology that can be planned."""
    (text,) = blocks("yaml")
    file = tmp_path / "mine.yaml"
    file.write_text(text)

    assert list(load(file).names) == [each["name"] for each in yaml.safe_load(text)["clusters"]]


def test_the_example_of_a_check_judges() -> None:
    """It passes, fails and says that it cannot tell, as a check must."""
    check = _module(blocks("python")[0]).answered_by_one_pod
    one, other = (
        HttpReply(source="east", url="http://httpbin:8000", status=200, pod=pod)
        for pod in ("httpbin-1", "httpbin-2")
    )

    assert check(primary_remote(), [one, one]).outcome is Outcome.PASS
    assert check(primary_remote(), [one, other]).outcome is Outcome.FAIL
    assert check(primary_remote(), []).outcome is Outcome.INCONCLUSIVE


def test_the_example_of_a_scenario_imports_what_there_is() -> None:
    """Only the check that its reader is about to write is not there."""
    check, scenario = blocks("python")
    written = {"harness.checks.sessions": _module(check)}
    imports = re.findall(r"^from (\S+) import (.+)$", scenario, re.MULTILINE)

    for module, names in imports:
        for name in names.split(", "):
            source = written.get(module) or __import__(module, fromlist=[name])
            assert hasattr(source, name)


def _module(text: str) -> ModuleType:
    module = ModuleType("example")
    exec(compile(text, "README.md", "exec"), module.__dict__)  # noqa: S102  # our own README
    return module


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_pictures_are_there_small_and_said_in_words(page: Path) -> None:
    """Who does not see a picture reads what it shows; none weighs more than 250 kB."""
    for words, name in re.findall(r"!\[(.*?)\]\((.*?)\)", page.read_text()):
        assert len(words) > 40, name
        assert (page.parent / name).stat().st_size < 250_000, name
