"""The verbs, in the order that `--help` shows them, and how an error meets the user."""

from collections.abc import Sequence
import signal
from types import FrameType
from typing import Annotated

import typer

from harness.cli.check import check
from harness.cli.down import down, gc, status
from harness.cli.dump import dump
from harness.cli.images import app as images
from harness.cli.inside import execute, shell
from harness.cli.machine import doctor
from harness.cli.plan import plan
from harness.cli.problems import told
from harness.cli.qualify import qualify
from harness.cli.up import up
from harness.cli.verify import verify
from harness.errors import ExitCode
from reports.cli import app as report

MESHES = "Meshes"
MACHINE = "This machine"
RECORDS = "What was found"
INTERRUPTED = 130
"""What typer makes of Ctrl-C."""

app = typer.Typer(
    name="meshproof",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`meshproof COMMAND --help` shows examples.",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  # slow, and seldom wanted

        from harness.settings import Versions  # noqa: PLC0415  # loads pydantic

        typer.echo(f"meshproof {version('meshproof')}, for Istio {Versions().istio}")
        raise typer.Exit


@app.callback()
def _meshproof(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of what goes wrong.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    """Reproduce Istio multicluster meshes on one machine and prove that they hold."""
    del debug, version


app.command(rich_help_panel=MESHES)(plan)
app.command(rich_help_panel=MESHES)(verify)
app.command(rich_help_panel=MESHES)(qualify)
app.command(rich_help_panel=MESHES)(up)
app.command(rich_help_panel=MESHES)(check)
app.command(rich_help_panel=MESHES)(shell)
app.command("exec", rich_help_panel=MESHES)(execute)
app.command(rich_help_panel=MESHES)(dump)
app.command(rich_help_panel=MESHES)(status)
app.command(rich_help_panel=MESHES)(down)
app.command(rich_help_panel=MACHINE)(doctor)
app.command(rich_help_panel=MACHINE)(gc)
app.add_typer(images, name="images", rich_help_panel=MACHINE)
app.add_typer(report, name="report", rich_help_panel=RECORDS)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code; no error passes but with --debug, wherever it is.

    SIGTERM ends a command as Ctrl-C does: everything is put in order on the way out.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    words = list(arguments)
    before = words[: words.index("--")] if "--" in words else words
    if debug := "--debug" in before:
        words.remove("--debug")
    try:
        code = app(words or ["--help"], prog_name="meshproof", standalone_mode=False)
    except Exception as problem:
        if debug:
            raise
        return told(problem)
    if code == INTERRUPTED:
        return ExitCode.INTERRUPTED
    return code if isinstance(code, int) else ExitCode.PASSED


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
