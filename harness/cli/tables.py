"""Lists as a user asked for them: aligned columns, bare names, or JSON; colours on a terminal."""

from collections.abc import Mapping, Sequence
import json
import os
import sys
from typing import Any

import typer

from harness.cli.options import Output


def write(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], how: Output, *, empty: str = ""
) -> None:
    """Write rows: the columns named, the first of them alone, or all that they hold as JSON."""
    match how:
        case Output.JSON:
            typer.echo(json.dumps([dict(row) for row in rows], indent=2, default=str))
        case Output.SHORT:
            for row in rows:
                typer.echo(row[columns[0]])
        case Output.TABLE if not rows:
            typer.echo(empty)
        case Output.TABLE:
            for line in aligned(rows, columns):
                typer.echo(line)


def aligned(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Return a line of heads and one for each row, columns three spaces apart."""
    cells = [[name.upper() for name in columns], *([str(row[c]) for c in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    return [
        "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def painted(text: str, colour: str) -> str:
    """Return the text in a colour, where a terminal shows it and NO_COLOR does not forbid it."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return typer.style(text, fg=colour)
