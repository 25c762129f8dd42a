"""The step summary of a CI page: verdict, a table of topologies, matrices, what went wrong."""

from collections.abc import Iterator, Sequence
import re

from reports.compare import Change
from reports.failures import Failure, failures
from reports.matrix import Cell, Mark, Matrix, matrix
from reports.report import Report, RunVerdict, TopologyAccount
from reports.words import counted, dumped, sentence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def markdown(report: Report) -> str:
    """Return the summary of a run."""
    sign = Mark.REACHED if report.verdict is RunVerdict.PASS else Mark.FAILED
    where = f"{_text(report.run.engine.name)} with {_text(report.run.images.name)} images"
    lines = [f"## {sign} {report.verdict.value}: {sentence(report)}", ""]
    lines.append(f"{counted(report)}; {report.run.seconds:.0f} s; exit {report.exit_code}; {where}")
    lines.append("")
    if report.run.interruption:
        lines += [f"Stopped: {_text(report.run.interruption)}", ""]
    lines += _topologies(report)
    for account in report.topologies:
        table = matrix(account)
        if table.tried:
            lines += ["", *_matrix(account, table)]
        for dump in account.dumps:
            lines += ["", f"dump of {_text(account.name)}: `{dump.folder}` ({_text(dumped(dump))})"]
    for failure in failures(report):
        lines += ["", *_failure(failure)]
    return "\n".join(lines) + "\n"


def changes(found: Sequence[Change]) -> str:
    """Return what differs between two runs as a table, or the words that nothing does."""
    if not found:
        return "nothing differs beyond noise\n"
    rows = [(each.kind, each.topology, each.what, each.before, each.after) for each in found]
    head = ("", "topology", "what", "before", "after")
    return "\n".join(_table(head, rows)) + "\n"


def _topologies(report: Report) -> Iterator[str]:
    rows = []
    for account in report.topologies:
        held = sum(claim.as_wanted for claim in account.claims)
        up = sum(each.seconds for each in account.provisions if each.phase == "up")
        rows.append(
            (
                account.name,
                f"{held} of {len(account.claims)}",
                str(len(account.untested) or ""),
                str(len(account.not_applicable) or ""),
                f"{up:.0f} s" if up else "",
            )
        )
    head = ("topology", "claims as wanted", "not tested", "not applicable", "set-up")
    return _table(head, rows)


def _matrix(account: TopologyAccount, table: Matrix) -> Iterator[str]:
    lost = any(cell.claims for cell in table.lost.values())
    rows = []
    for source in table.clusters:
        cells = [table.cells[source, target] for target in table.clusters]
        rows.append((source, *map(_cell, [*cells, table.lost[source]] if lost else cells)))
    head = (account.name, *table.clusters, *(["no answer"] if lost else []))
    return _table(head, rows)


def _cell(cell: Cell) -> str:
    return f"{cell.mark} {cell.replies}" if cell.claims else str(cell.mark)


def _failure(failure: Failure) -> Iterator[str]:
    yield f"<details><summary>{Mark.FAILED} {_text(failure.title)} ({failure.topology})</summary>"
    yield ""
    for name, words in (
        ("expected", failure.expected),
        ("got", failure.got),
        ("reason", failure.reason),
        ("blame", failure.blame),
    ):
        yield f"- {name}: {_text(words)}"
    if failure.again:
        yield f"- again: `` {failure.again} ``"
    yield ""
    yield "</details>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield "|" + "---|" * len(head)
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_text(cell) for cell in cells) + " |"


def _text(words: str) -> str:
    """Return the words on one line, without meaning to Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))
