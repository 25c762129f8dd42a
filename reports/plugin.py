"""The pytest plugin: gathers a run, writes its record and views, and sets the exit status.

It does so in the controller only, and only when a run was announced: whoever wires the run puts
its `RunFacts` into `config.stash[FACTS]`. Records are read from `records/` in the run's folder.
"""

from collections.abc import Callable, Generator
import os
from pathlib import Path

import pytest

from harness.errors import ExitCode, HarnessError
from harness.journal import Journal
from harness.patience import now
from reports import collect, files, html, junit, markdown, runbook, terminal
from reports.collect import Collector
from reports.compose import compose
from reports.exits import RANKED
from reports.facts import Ending, RunFacts
from reports.matrix import Mark
from reports.report import Report, to_json

FACTS = pytest.StashKey[RunFacts]()
_WRITER = pytest.StashKey["Writer"]()

VIEWS: dict[str, Callable[[Report], str]] = {
    "report.json": to_json,
    "junit.xml": junit.junit,
    "index.html": html.html,
    "summary.md": markdown.markdown,
}
"""Files of the run's folder, and what writes each: a new view is one more line."""

_UNFINISHED = "the run has not come to its end: it runs still, or it was killed"


class Writer:
    """Composes the report of one session and writes its views."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._collector = Collector()
        self._began = now()
        self.report: Report | None = None
        self.broken: dict[str, Exception] = {}
        config.pluginmanager.register(self._collector, "meshproof-collector")

    def begin(self) -> None:
        """Write the record of a run that was cut off, to stand if nothing is written after it."""
        if facts := self._facts:
            tests = self._collector.tests
            ending = Ending(ExitCode.INTERRUPTED, self._seconds, _UNFINISHED)
            self._write(facts, compose(facts, (), tests, ending))

    def end(self, status: int) -> int:
        """Write the record and its views and return the exit status of the run."""
        facts = self._facts
        if facts is None:
            return status
        records = tuple(Journal(facts.folder / "records").read())
        ending = Ending(status, self._seconds, self._collector.interruption)
        self.report = compose(facts, records, self._collector.tests, ending)
        self._write(facts, self.report)
        self._write_runbooks(facts.folder, self.report)
        if page := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(page).open("a", encoding="utf-8") as file:
                file.write(markdown.markdown(self.report))
        files.point(facts.folder.parent / "latest", facts.folder)
        code = self.report.exit_code
        return int(ExitCode.BUG) if self.broken and code in RANKED else code

    @property
    def cut_off(self) -> int:
        """The exit status of a session that never started: what `pytest.exit` was given, or 2."""
        return self._collector.exit_status

    @property
    def folder(self) -> str:
        """The run's folder as the reader would type it."""
        folder = self._facts.folder if self._facts else Path()
        here = Path.cwd()
        return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)

    @property
    def _facts(self) -> RunFacts | None:
        return self._config.stash.get(FACTS, None)

    @property
    def _seconds(self) -> float:
        return now() - self._began

    def _write_runbooks(self, folder: Path, report: Report) -> None:
        for account in report.topologies:
            transcript = folder / account.name / "transcript.jsonl"
            if not transcript.is_file():
                continue
            try:
                text = runbook.runbook(report, account, runbook.read(transcript))
                if text:
                    files.write(transcript.with_name("runbook.sh"), text, mode=0o755)
            except Exception as cause:  # noqa: BLE001  # it must not take the record with it
                self.broken[f"runbook of {account.name}"] = cause

    def _write(self, facts: RunFacts, report: Report) -> None:
        for name, view in VIEWS.items():
            try:
                files.write(facts.folder / name, view(report))
            except Exception as cause:  # noqa: BLE001  # one view must not take the others with it
                self.broken[name] = cause


def pytest_configure(config: pytest.Config) -> None:
    """Gather, in the controller."""
    if not hasattr(config, "workerinput"):
        config.stash[_WRITER] = Writer(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send what the controller needs along with the report of the worker.

    An error of ours is told in its own words: they name the thing and the way out, and where it
    was raised says no more. `--full-trace` says it all the same.
    """
    report = yield
    vars(report)[collect.KEY] = collect.told(item, call)
    cause = call.excinfo.value if call.excinfo else None
    ours = isinstance(cause, HarnessError) and cause.exit_code is not ExitCode.BUG
    if report.failed and ours and not item.config.option.fulltrace:
        report.longrepr = str(cause)
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Leave a record at once: a run that is killed has one too."""
    if writer := session.config.stash.get(_WRITER, None):
        writer.begin()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the record and set the run's exit status."""
    if writer := session.config.stash.get(_WRITER, None):
        session.exitstatus = writer.end(int(exitstatus))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the record of a run whose session never started."""
    writer = config.stash.get(_WRITER, None)
    if writer is not None and writer.report is None:
        writer.end(writer.cut_off)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell the run in a section of pytest's own summary."""
    writer = config.stash.get(_WRITER, None)
    if writer is None or writer.report is None:
        return
    terminalreporter.section("mesh", sep="=")
    for line in terminal.summary(writer.report, writer.folder):
        for span in line:
            terminalreporter.write(span.text, **({span.style: True} if span.style else {}))
        terminalreporter.line("")
    for name, cause in writer.broken.items():
        terminalreporter.line(f"{Mark.FAILED} {name} could not be written: {cause!r}", red=True)
