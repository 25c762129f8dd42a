"""What pytest says of each test, gathered in the controller, wherever the tests ran."""

from collections.abc import Iterable
from typing import Any, Literal

import pytest

from harness.errors import ExitCode, HarnessError
from harness.topology import Topology
from reports.exits import RANKED
from reports.report import Cause, Ran, TestRun

KEY = "meshproof"
"""The attribute of pytest's report that carries `told`; JSON types only, as xdist sends it on."""


def told(item: pytest.Item, call: pytest.CallInfo[None]) -> dict[str, Any]:
    """Return what pytest's own report does not carry: the topology, and whose exception it was."""
    callspec = getattr(item, "callspec", None)
    parameters = callspec.params if callspec else {}
    # a row names its topology: `reports` knows no fixture, only that it has one
    carried = [getattr(each, "topology", each) for each in parameters.values()]
    named = [each.name for each in carried if isinstance(each, Topology)]
    said: dict[str, Any] = {"topology": named[0] if named else ""}
    if call.excinfo is not None:
        cause = call.excinfo.value
        said["cause"] = {
            "type": type(cause).__name__,
            "message": str(cause),
            "exit_code": exit_code_of(cause),
        }
    return said


def exit_code_of(cause: BaseException) -> int | None:
    """Return the exit code that an exception of ours carries, of a group the worst; or None."""
    if isinstance(cause, HarnessError):
        return int(cause.exit_code)
    if isinstance(cause, BaseExceptionGroup):
        codes = [exit_code_of(each) for each in cause.exceptions]
        ranked = [ExitCode(code) for code in codes if code is not None and code in RANKED]
        return None if None in codes or not ranked else int(max(ranked, key=RANKED.index))
    return None


class Collector:
    """A pytest plugin of the controller: tests selected, their outcomes, what cut the run short."""

    def __init__(self) -> None:
        self._selected: dict[str, None] = {}
        self._uncollected: list[TestRun] = []
        self._reports: dict[str, list[pytest.TestReport]] = {}
        self.interruption = ""
        self.exit_status = int(ExitCode.INTERRUPTED)

    @property
    def tests(self) -> tuple[TestRun, ...]:
        """Every test selected, in order; one that never began or was cut off is `not-run`."""
        names = dict.fromkeys([*self._selected, *self._reports])
        return (*self._uncollected, *(_test(name, self._reports.get(name, [])) for name in names))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what this process selected."""
        self.select(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """Note what the workers selected; all select the same."""
        self.select(ids)

    def select(self, ids: Iterable[str]) -> None:
        """Note tests that are to run."""
        self._selected.update(dict.fromkeys(ids))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected counts as a test in error."""
        if report.failed:
            self._uncollected.append(
                TestRun(id=report.nodeid, outcome=Ran.ERROR, seconds=0, text=report.longreprtext)
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what one phase of a test came to."""
        self._reports.setdefault(report.nodeid, []).append(report)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note who stopped the run: the user, or `pytest.exit` with its reason."""
        self.interruption = str(excinfo.value) or type(excinfo.value).__name__
        self.exit_status = getattr(excinfo.value, "returncode", None) or self.exit_status

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note an exception that pytest itself could not place."""
        self.interruption = f"{type(excinfo.value).__name__}: {excinfo.value}"


def _test(name: str, reports: list[pytest.TestReport]) -> TestRun:
    told = [vars(report).get(KEY, {}) for report in reports]
    return TestRun(
        id=name,
        outcome=_outcome(reports),
        seconds=round(sum(report.duration for report in reports), 3),
        topology=next((said["topology"] for said in told if said.get("topology")), ""),
        text="\n\n".join(_words(report) for report in reports if not report.passed),
        causes=tuple(
            Cause(phase=_phase(report), **said["cause"])
            for report, said in zip(reports, told, strict=True)
            if report.failed and "cause" in said
        ),
    )


def _outcome(reports: list[pytest.TestReport]) -> Ran:
    failed = {_phase(report) for report in reports if report.failed}
    if failed - {"call"}:
        return Ran.ERROR
    if failed:
        return Ran.FAILED
    if any(report.skipped for report in reports):
        return Ran.SKIPPED
    return Ran.PASSED if any(report.when == "call" for report in reports) else Ran.NOT_RUN


def _phase(report: pytest.TestReport) -> Literal["setup", "call", "teardown"]:
    # a worker that died leaves a report of no phase, written in its name
    match report.when:
        case "setup" | "teardown":
            return report.when
        case _:
            return "call"


def _words(report: pytest.TestReport) -> str:
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return report.longreprtext
