"""The summary at the end of a run, as lines of styled words; whoever prints them owns colours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reports.failures import Failure, failures
from reports.matrix import Cell, Mark, Matrix, matrix
from reports.phases import phases
from reports.report import Report, RunVerdict, TopologyAccount
from reports.words import counted, dumped, sentence

Style = Literal["", "bold", "red", "green", "yellow", "light"]


@dataclass(frozen=True, slots=True)
class Span:
    """Some words in one style."""

    text: str
    style: Style = ""


Line = tuple[Span, ...]

_STYLES: dict[Mark, Style] = {
    Mark.REACHED: "green",
    Mark.FAILED: "red",
    Mark.UNKNOWN: "yellow",
    Mark.UNTESTED: "light",
}

_CORNER = "from \\ to"


def summary(report: Report, folder: str) -> Iterator[Line]:
    """Yield the lines; `folder` is where the run's files lie, as the reader would type it."""
    if report.run.timings:
        told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.run.timings.items())
        yield (Span(f"before any topology: {told}", "light"),)
    for account in report.topologies:
        yield from _topology(account, folder)
    for failure in failures(report):
        yield from _failure(failure, folder)
    if report.run.interruption:
        yield (Span(f"stopped: {report.run.interruption}", "yellow"),)
    yield from closing(report, folder)


def closing(report: Report, folder: str) -> Iterator[Line]:
    """Yield the verdict, what it rests on, and where the record lies."""
    style: Style = "green" if report.verdict is RunVerdict.PASS else "red"
    if report.verdict in (RunVerdict.INCONCLUSIVE, RunVerdict.NOTHING_RAN, RunVerdict.INTERRUPTED):
        style = "yellow"
    verdict = report.verdict.value.upper()
    yield (
        Span(f"{verdict}: {sentence(report)}", style),
        Span(f" — {counted(report)}, {report.run.seconds:.1f} s (exit {report.exit_code})"),
    )
    yield (Span(f"record: {folder}", "light"),)


def _topology(account: TopologyAccount, folder: str) -> Iterator[Line]:
    title = f": {account.topology.title}" if account.topology else ""
    yield (Span(account.name, "bold"), Span(title))
    table = matrix(account)
    if table.tried:
        yield from _matrix(table)
    for provision in account.provisions:
        verb = "up" if provision.phase == "up" else "down"
        yield (Span(f"  {verb} in {provision.seconds:.1f} s", "red" if provision.error else ""),)
        for phase in phases(account, provision):
            span = f"{phase.started:7.1f} → {phase.ended:6.1f} s  {phase.seconds:6.1f} s  "
            mark = f"  {Mark.FAILED} " if phase.broken else "    "
            yield (
                Span(mark, "red"),
                Span(span + phase.name + (f" ({phase.steps} steps)" if phase.steps > 1 else "")),
            )
    held = sum(claim.as_wanted for claim in account.claims)
    judged = sum(claim.seconds for claim in account.claims)
    yield (
        Span(f"  {held} of {len(account.claims)} claims as wanted, judged in {judged:.1f} s"),
        Span(f", {len(account.untested)} not tested" if account.untested else "", "yellow"),
    )
    for dump in account.dumps:
        yield (Span(f"  dump: {folder}/{dump.folder}"), Span(f" ({dumped(dump)})", "light"))
    yield ()


def _matrix(table: Matrix) -> Iterator[Line]:
    lost = any(cell.claims for cell in table.lost.values())
    wide = max(len(_CORNER), *map(len, table.clusters))
    columns = [max(len(name), 5) for name in table.clusters]
    heads = "  ".join(
        name.ljust(width) for name, width in zip(table.clusters, columns, strict=True)
    )
    yield (Span(f"  {_CORNER.ljust(wide)}  {heads}{'  no answer' if lost else ''}", "light"),)
    for source in table.clusters:
        row = [Span(f"  {source.ljust(wide)}  ")]
        cells = [table.cells[source, target] for target in table.clusters]
        cells += [table.lost[source]] if table.lost[source].claims else []
        for cell, width in zip(cells[:-1], columns, strict=False):
            row += [_cell(cell, width), Span("  ")]
        yield (*row, _cell(cells[-1], 0))


def _cell(cell: Cell, width: int) -> Span:
    count = f" {cell.replies}" if cell.claims else ""
    return Span(f"{cell.mark}{count}".ljust(width), _STYLES[cell.mark])


def _failure(failure: Failure, folder: str) -> Iterator[Line]:
    where = f" ({failure.topology})" if failure.topology else ""
    untried = f"; {failure.untried} tests not tried" if failure.untried else ""
    yield (Span(f"{Mark.FAILED} {failure.title}{where}{untried}", "red"),)
    yield (Span("  expected  ", "light"), Span(f"{failure.expected}; got: {failure.got}"))
    yield (Span("  reason    ", "light"), Span(failure.reason))
    yield (Span("  blame     ", "light"), Span(failure.blame))
    yield (Span("  again     ", "light"), Span(failure.again or "-"))
    yield (Span("  evidence  ", "light"), Span(f"{folder}/index.html#{failure.anchor}"))
