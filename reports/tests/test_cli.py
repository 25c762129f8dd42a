from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.errors import UsageError
from reports import files
from reports.cli import app, read
from reports.compose import compose
from reports.qualification import document, model
from reports.report import Report, to_json
from reports.tests.qualification.documents import cell, istio, qualified
from reports.tests.records import (
    MULTI_PRIMARY,
    PRIMARY_REMOTE,
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
)

WELL = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
ILL = reached("cluster1", no_answer("cluster1", 21))


def call(*arguments: str) -> Result:
    """Call `meshproof report` with these arguments."""
    return CliRunner().invoke(app, arguments)


def saved(folder: Path, report: Report) -> str:
    """Write a run's record and return its folder."""
    files.write(folder / "report.json", to_json(report))
    return str(folder)


@pytest.fixture
def good(tmp_path: Path) -> str:
    """The folder of a green run."""
    report = compose(facts(tmp_path, PRIMARY_REMOTE), [WELL], ran_all(WELL), ending())
    return saved(tmp_path / "good", report)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """The folder of a red run."""
    report = compose(facts(tmp_path, PRIMARY_REMOTE), [ILL], ran_all(ILL), ending(1))
    return saved(tmp_path / "bad", report)


def test_rejudge_says_that_the_verdicts_stand(bad: str) -> None:
    """A red record whose verdict stands is exit 0: the judging is what was asked about."""
    result = call("rejudge", bad)

    assert result.exit_code == 0
    assert result.stdout == "1 of 1 verdicts stand (the mesh failed)\n"


def test_rejudge_tells_a_verdict_that_does_not_stand(good: str) -> None:
    """With both verdicts, and exit 1."""
    path = Path(good) / "report.json"
    path.write_text(path.read_text().replace('"status": 200', '"status": 503', 1))
    result = call("rejudge", good)

    assert result.exit_code == 1
    assert "now       fail: a call was not answered: status 503" in result.stdout


def test_compare_is_exit_1_when_it_got_worse(good: str, bad: str) -> None:
    """And 0 the other way round."""
    assert call("compare", good, bad).exit_code == 1
    assert call("compare", bad, good).exit_code == 0


def test_compare_takes_two_qualifications(tmp_path: Path) -> None:
    """With the cells that turned; a run beside a qualification is a wrong usage."""
    before, after = tmp_path / "before.yaml", tmp_path / "after.json"
    document.write(before, qualified(istio("1.31.0", cell("mixed"))))
    document.write(after, qualified(istio("1.31.1", cell("mixed", model.Result.FAIL, "why", "x"))))

    result = call("compare", str(before), str(after))

    assert result.exit_code == 1
    assert "| red | mixed | Istio 1.31.0 → 1.31.1 | pass: 2 held | fail: why |" in result.stdout
    assert call("compare", str(after), str(before)).exit_code == 0
    assert isinstance(call("compare", str(before), "a-run").exception, UsageError)


def test_merge_writes_every_view_and_ends_as_the_whole_does(tmp_path: Path, good: str) -> None:
    """The red shard decides."""
    ill = reached("cluster1", no_answer("cluster1", 21), topology=MULTI_PRIMARY)
    report = compose(facts(tmp_path, MULTI_PRIMARY), [ill], ran_all(ill), ending(1))
    into = tmp_path / "whole"

    result = call("merge", good, saved(tmp_path / "other", report), "--into", str(into))

    assert result.exit_code == 1
    assert sorted(each.name for each in into.iterdir()) == [
        "index.html",
        "junit.xml",
        "report.json",
        "summary.md",
    ]


def test_show_prints_the_summary(good: str) -> None:
    """As Markdown, which reads well enough in a terminal."""
    assert call("show", good).stdout.startswith("## √ pass")


def test_a_run_that_is_not_there_is_a_usage_error() -> None:
    """It names the runs that are."""
    with pytest.raises(UsageError, match="runs here"):
        read("nowhere")


def test_a_file_that_is_no_report_is_a_usage_error(tmp_path: Path) -> None:
    """The first problem is told, and how many there are."""
    path = tmp_path / "report.json"
    path.write_text("{}")

    with pytest.raises(UsageError, match="no report of this version"):
        read(str(path))
