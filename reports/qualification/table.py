"""A qualification in a terminal: versions across, topologies down, and why a cell is not green."""

from collections.abc import Iterator

from reports.matrix import Mark
from reports.qualification.conclude import WORDS, told
from reports.qualification.model import Cell, QualificationReport, Result
from reports.terminal import Line, Span, Style

_STYLES: dict[Result, Style] = {
    Result.PASS: "green",
    Result.FAIL: "red",
    Result.INCONCLUSIVE: "yellow",
    Result.UNAVAILABLE: "yellow",
    Result.NOT_APPLICABLE: "light",
}


def table(report: QualificationReport) -> Iterator[Line]:
    """Yield the lines: the matrix, a reason for each cell that did not pass, the verdict."""
    yield from _matrix(report)
    yield ()
    for profile in report.profiles:
        for result, reason, topologies in _reasons(profile.cells):
            where = f"Istio {profile.istio}, {', '.join(topologies)}"
            yield (Span(f"{_MARKS[result]} {where}: {WORDS[result]}", _STYLES[result]),)
            yield (Span(f"  {reason}"),)
    if report.interruption:
        yield (Span(f"stopped: {report.interruption}", "yellow"),)
    results = [cell.result for cell in report.cells.values()]
    yield (
        Span(f"{report.result.upper()}: ", _STYLES[report.result]),
        Span(f"{told(results)}, {report.seconds:.0f} s (exit {report.exit_code})"),
    )


_MARKS = {
    Result.PASS: Mark.REACHED,
    Result.FAIL: Mark.FAILED,
    Result.INCONCLUSIVE: Mark.UNKNOWN,
    Result.UNAVAILABLE: Mark.UNKNOWN,
    Result.NOT_APPLICABLE: Mark.UNTESTED,
}


def _matrix(report: QualificationReport) -> Iterator[Line]:
    cells = report.cells
    topologies = tuple(dict.fromkeys(topology for _, topology in cells))
    wide = max(map(len, ("topology", *topologies)))
    columns = {
        profile.istio: max(map(len, (profile.istio, *map(_text, profile.cells))))
        for profile in report.profiles
    }
    heads = "  ".join(version.ljust(width) for version, width in columns.items())
    yield (Span(f"{'topology'.ljust(wide)}  {heads}".rstrip(), "light"),)
    for topology in topologies:
        row = [Span(topology.ljust(wide))]
        for version, width in columns.items():
            cell = cells.get((version, topology))
            text = _text(cell) if cell else ""
            style = _STYLES[cell.result] if cell else ""
            last = version == report.profiles[-1].istio
            row += [Span("  "), Span(text if last else text.ljust(width), style)]
        yield tuple(row)


def _text(cell: Cell) -> str:
    """Return the cell's mark and how many claims hold, or by how many it came to its result."""
    counts = cell.statistics
    tried = counts.passed + counts.failed + counts.inconclusive + counts.untested
    mark = _MARKS[cell.result]
    match cell.result:
        case Result.PASS:
            return f"{mark} {counts.passed}"
        case Result.FAIL | Result.INCONCLUSIVE if tried:
            return f"{mark} {counts.passed} of {tried}"
        case result:
            return f"{mark} {WORDS[result]}"


def _reasons(cells: tuple[Cell, ...]) -> Iterator[tuple[Result, str, list[str]]]:
    """Yield each result that is no pass with its reason, cells of one and the same together."""
    alike: dict[tuple[Result, str], list[str]] = {}
    for cell in cells:
        if cell.result is not Result.PASS:
            alike.setdefault((cell.result, cell.reason), []).append(cell.topology)
    yield from ((*key, names) for key, names in alike.items())
