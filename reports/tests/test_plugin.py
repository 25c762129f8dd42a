from collections.abc import Callable
import json
from pathlib import Path
import textwrap
from typing import Any
from xml.etree import ElementTree as ET

import pytest

CONFTEST = """
    from functools import partial
    from pathlib import Path

    import pytest

    from harness.errors import HostError
    from harness.journal import Journal
    from reports.plugin import FACTS
    from reports.tests import records

    FOLDER = Path({folder!r}) / "runs" / "r1"

    def pytest_sessionstart(session):
        if not hasattr(session.config, "workerinput"):
            session.config.stash[FACTS] = records.facts(FOLDER)

    @pytest.fixture
    def claim(request):
        def judge(seen):
            record = records.reached("cluster1", seen)
            record = records.claimed(
                record.verdict, test=request.node.nodeid, params=record.params
            )
            Journal(FOLDER / "records").write(record)
            if record.verdict.outcome != "pass":
                pytest.fail(record.verdict.reason, pytrace=False)

        return judge
"""

PASSING = """
    from reports.tests.records import replies

    def test_reached(claim):
        claim(replies("cluster1", "cluster1", "cluster2"))
"""

FAILING = """
    from reports.tests.records import no_answer

    def test_not_reached(claim):
        claim(no_answer("cluster1", 21))
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest as a process of its own on these tests, with the plugin."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("NO_COLOR", "1")
    pytester.makeini("[pytest]\naddopts = -p reports.plugin -p no:cacheprovider")

    def start(tests: str, *options: str, conftest: str = "") -> pytest.RunResult:
        text = textwrap.dedent(CONFTEST.format(folder=str(pytester.path)))
        pytester.makeconftest(text + textwrap.dedent(conftest))
        pytester.makepyfile(textwrap.dedent(tests))
        return pytester.runpytest_subprocess(*options)

    return start


@pytest.fixture
def latest(pytester: pytest.Pytester) -> Path:
    """Return where the last run of the checkout is found."""
    return pytester.path / "runs" / "latest"


def report(latest: Path) -> dict[str, Any]:
    """Return the record."""
    found: dict[str, Any] = json.loads((latest / "report.json").read_text())
    return found


def test_a_run_leaves_its_record_and_views_and_latest_leads_to_them(run: Run, latest: Path) -> None:
    """Verdict, tests and claims are in it, and the terminal ends with the verdict."""
    result = run(PASSING)

    assert result.ret == 0
    assert report(latest)["verdict"] == "pass"
    assert latest.readlink() == Path("r1")
    assert ET.parse(latest / "junit.xml").getroot().get("tests") == "1"  # noqa: S314
    result.stdout.fnmatch_lines(["*PASS: the mesh holds*1 held*(exit 0)"])


def test_records_and_outcomes_of_workers_come_together(run: Run, latest: Path) -> None:
    """Under xdist the controller alone writes, and knows every worker's causes."""
    result = run(PASSING + FAILING + "\n    def test_bug():\n        raise KeyError(7)\n", "-n2")

    found = report(latest)
    outcomes = {test["id"].split("::")[1]: test["outcome"] for test in found["tests"]}
    assert outcomes == {
        "test_reached": "passed",
        "test_not_reached": "failed",
        "test_bug": "failed",
    }
    assert [cause["type"] for test in found["tests"] for cause in test["causes"]] == [
        "Failed",
        "KeyError",
    ]
    assert result.ret == 12


@pytest.mark.parametrize("options", [(), ("-n1",)])
def test_a_failed_claim_is_exit_1(run: Run, options: tuple[str, ...]) -> None:
    """The mesh failed, with and without workers."""
    assert run(PASSING + FAILING, *options).ret == 1


def test_a_fixture_that_finds_the_machine_lacking_is_exit_10(run: Run) -> None:
    """The exception says who is to blame."""
    conftest = """
    @pytest.fixture
    def room():
        raise HostError("the machine has no room: free some")
    """

    assert run("def test_it(room):\n    pass\n", conftest=conftest).ret == 10


def test_nothing_selected_is_exit_5_and_on_record(run: Run, latest: Path) -> None:
    """A filter that matches nothing is an error and leaves a case in junit.xml."""
    result = run(PASSING, "-k", "nothing_like_it")

    assert result.ret == 5
    root = ET.parse(latest / "junit.xml").getroot()  # noqa: S314
    assert (root.get("tests"), root.get("errors")) == ("1", "1")


@pytest.mark.parametrize(("option", "shown"), [("--tb=long", False), ("--full-trace", True)])
def test_an_error_of_ours_is_told_in_its_own_words(run: Run, option: str, shown: bool) -> None:
    """Where it was raised says no more than they do, unless that is asked for."""
    tests = """
        from harness.errors import HostError

        def test_room():
            raise HostError("the machine has no room: free some")
    """

    result = run(tests, option)

    result.stdout.fnmatch_lines(["*the machine has no room: free some*"])
    assert shown == ("def test_room" in result.stdout.str())


def test_a_run_stopped_from_outside_is_on_record(run: Run, latest: Path) -> None:
    """Ctrl-C keeps exit 2; what was selected and never begun is said so."""
    stopping = "def test_stop():\n    raise KeyboardInterrupt('enough')\n"
    result = run(stopping + "def test_later():\n    pass\n")

    assert result.ret == 2
    assert report(latest)["run"]["interruption"] == "enough"
    assert [test["outcome"] for test in report(latest)["tests"]] == ["not-run", "not-run"]


def test_a_session_that_never_started_leaves_a_record(run: Run, latest: Path) -> None:
    """Set-up that dies before any test has a report, and junit.xml a case that is red."""
    conftest = """
    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(session):
        session.config.stash[FACTS] = records.facts(FOLDER)
        pytest.exit("the engine did not start", returncode=10)
    """
    result = run(PASSING, conftest=conftest)

    assert result.ret == 10
    assert report(latest)["exit_code"] == 10
    error = ET.parse(latest / "junit.xml").getroot().find(".//error")  # noqa: S314
    assert error is not None
    assert error.get("message") == "the engine did not start"


def test_a_run_that_could_not_be_opened_leaves_a_record(
    run: Run, latest: Path, pytester: pytest.Pytester
) -> None:
    """Before there is an engine or a folder, what is missing is on record all the same."""
    conftest = """
    from reports.facts import unopened

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(session):
        session.config.stash[FACTS] = unopened(FOLDER.parent, command=("pytest", "scenarios"))
        pytest.exit("the machine lacks root: start it with sudo", returncode=10)
    """
    result = run(PASSING, conftest=conftest)

    assert result.ret == 10
    assert report(latest)["verdict"] == "environment"
    assert "lacks root" in (latest / "index.html").read_text()
    assert len([each for each in (pytester.path / "runs").iterdir() if each.is_dir()]) == 2


def test_a_run_that_is_killed_has_left_a_record_that_says_so(
    run: Run, pytester: pytest.Pytester
) -> None:
    """From the first moment there is a record; it stands if nothing is written after it."""
    run("import os, signal\ndef test_it():\n    os.kill(os.getpid(), signal.SIGKILL)\n")

    found = json.loads((pytester.path / "runs" / "r1" / "report.json").read_text())
    assert found["verdict"] == "interrupted"
    assert "not come to its end" in found["run"]["interruption"]


def test_a_view_that_breaks_takes_no_other_with_it(run: Run, latest: Path) -> None:
    """The record is written, the view named, and the run is not green."""
    conftest = """
    from reports import plugin
    plugin.VIEWS = {"broken.txt": lambda report: 1 / 0, **plugin.VIEWS}
    """
    result = run(PASSING, conftest=conftest)

    assert result.ret == 12
    assert report(latest)["verdict"] == "pass"
    result.stdout.fnmatch_lines(["*broken.txt could not be written: ZeroDivisionError*"])


def test_other_tests_are_left_alone(run: Run, pytester: pytest.Pytester) -> None:
    """Without a run announced there is no record, no section and pytest's own exit status."""
    quiet = "\n    def pytest_sessionstart(session):\n        pass\n"
    result = run("def test_it():\n    assert False\n", conftest=quiet)

    assert result.ret == 1
    assert not (pytester.path / "runs").exists()
    assert "= mesh =" not in result.stdout.str()
