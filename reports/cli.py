"""`meshproof report`: open, rejudge, compare and merge what runs left behind."""

# ruff: noqa: PLC0415  # each command loads what it alone needs: `--help` answers at once

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reports.report import Report

RUNS = Path(__file__).parent / "runs"

app = typer.Typer(help="Open, judge again, compare and merge what runs left behind.")

Name = Annotated[
    str, typer.Argument(help="a run's id, its folder, or a report.json; `latest` is the last run")
]


@app.command("open")
def open_page(name: Name = "latest") -> None:
    """Show the HTML report of a run in the browser, and print where it lies."""
    import webbrowser

    page = place(name).with_name("index.html")
    if not page.is_file():
        raise UsageError(f"{page} is not there: the run wrote no page; `report rejudge` reads it")
    typer.echo(page)
    webbrowser.open(page.as_uri())


@app.command("show")
def show(name: Name = "latest") -> None:
    """Print the verdict of a run and its summary as Markdown."""
    from reports import markdown

    typer.echo(markdown.markdown(read(name)), nl=False)


@app.command("rejudge")
def rejudge_record(name: Name = "latest") -> None:
    """Judge a record again with today's checks; exit 1 when a verdict is another one.

    Needs no cluster: the observations are in the record.
    """
    from reports.rejudge import rejudge
    from reports.words import sentence

    report = read(name)
    found = rejudge(report)
    for each in found:
        typer.echo(f"{each.topology}: {each.claim.test}")
        typer.echo(f"  recorded  {each.recorded}\n  now       {each.now}")
    same = len(report.claims) - len(found)
    typer.echo(f"{same} of {len(report.claims)} verdicts stand ({sentence(report)})")
    raise typer.Exit(1 if found else 0 if report.claims else int(ExitCode.NOTHING_RAN))


@app.command("compare")
def compare_runs(before: Name, after: Name = "latest") -> None:
    """Say what turned red, what is new or gone, and what got slower; exit 1 if worse.

    Both are runs, or both are documents that `meshproof qualify` wrote.
    """
    from reports import markdown
    from reports.compare import compare, worse
    from reports.qualification import document
    from reports.qualification.changes import changes

    releases = [document.find(each, RUNS) for each in (before, after)]
    if releases[0] and releases[1]:
        found = changes(document.read(releases[0]), document.read(releases[1]))
    elif any(releases):
        raise UsageError(f"{before}, {after}: a run and a qualification: name two of one kind")
    else:
        found = compare(read(before), read(after))
    typer.echo(markdown.changes(found), nl=False)
    raise typer.Exit(1 if worse(found) else 0)


@app.command("merge")
def merge_shards(
    shards: Annotated[list[str], typer.Argument(help="the runs, by id, folder or report.json")],
    into: Annotated[Path, typer.Option(help="the folder that the whole is written to")],
) -> None:
    """Put the shards of one run together and end with the exit code of the whole."""
    from reports import files, html, junit, markdown
    from reports.merge import merge
    from reports.report import to_json
    from reports.words import counted

    report = merge([read(each) for each in shards])
    for name, text in (
        ("report.json", to_json(report)),
        ("junit.xml", junit.junit(report)),
        ("index.html", html.html(report)),
        ("summary.md", markdown.markdown(report)),
    ):
        files.write(into / name, text)
    typer.echo(f"{report.verdict.value}: {counted(report)}; {into / 'index.html'}")
    raise typer.Exit(report.exit_code)


def place(name: str) -> Path:
    """Return the report.json that a name means; raises UsageError when there is none."""
    given = Path(name)
    tried = [RUNS / name / "report.json", given / "report.json", given]
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        known = ", ".join(sorted(path.parent.name for path in RUNS.glob("*/report.json")))
        raise UsageError(f"run {name!r} left no report.json; runs here: {known or 'none'}")
    return found.absolute()


def read(name: str) -> "Report":
    """Return the report of a run; raises UsageError when it cannot be read."""
    from pydantic import ValidationError

    from reports.report import from_json
    from reports.strange import strange

    path = place(name)
    try:
        return from_json(path.read_bytes())
    except ValidationError as error:
        raise strange(path, "report", error) from error
