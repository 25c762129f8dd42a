"""The verbs, in the order that `--help` shows them, and how an error meets the user."""

from collections.abc import Sequence
from typing import Annotated

import typer

from harness.cli.check import check
from harness.cli.down import down, gc, status
from harness.cli.inside import execute, shell
from harness.cli.problems import told
from harness.cli.up import up
from harness.cli.verify import verify
from harness.errors import ExitCode

MESHES = "Meshes"
MACHINE = "This machine"

app = typer.Typer(
    name="meshproof",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`meshproof COMMAND --help` shows examples.",
)


@app.callback()
def _meshproof(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of what goes wrong.")
    ] = False,
) -> None:
    """Reproduce Istio multicluster meshes on one machine and prove that they hold."""
    del debug


app.command(rich_help_panel=MESHES)(verify)
app.command(rich_help_panel=MESHES)(up)
app.command(rich_help_panel=MESHES)(check)
app.command(rich_help_panel=MESHES)(shell)
app.command("exec", rich_help_panel=MESHES)(execute)
app.command(rich_help_panel=MESHES)(down)
app.command(rich_help_panel=MESHES)(status)
app.command(rich_help_panel=MACHINE)(gc)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code; no error passes but with --debug."""
    debug = "--debug" in arguments
    words = list(arguments) or ["--help"]
    try:
        code = app(words, prog_name="meshproof", standalone_mode=False)
    except Exception as problem:
        if debug:
            raise
        return told(problem)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code if isinstance(code, int) else ExitCode.PASSED
