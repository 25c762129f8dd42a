"""How errors meet the user: the thing first, the way out last, no traceback."""

from typing import Any

import typer

from harness.errors import ExitCode, HarnessError

_asks_for_help = ("NoArgsIsHelpError", "Missing command.")


def told(problem: Exception) -> int:
    """Say on stderr what went wrong, and return the exit code for it."""
    match problem:
        case typer.Abort():
            text, code = "stopped", ExitCode.INTERRUPTED
        case typer.TyperException() if needs_help(problem):
            problem.ctx.get_help()  # type: ignore[attr-defined]  # prints it, whatever its name
            return ExitCode.USAGE
        case typer.TyperException():
            text, code = _usage(problem), ExitCode.USAGE
        case HarnessError():
            text, code = str(problem), problem.exit_code
        case OSError() if problem.filename or problem.strerror:
            text, code = _refused(problem), ExitCode.HOST
        case _:
            text, code = _bug(problem), ExitCode.BUG
    for line in text.splitlines():
        typer.echo(f"meshproof: {line}", err=True)
    return code


def needs_help(problem: Any) -> bool:
    """Whether a group was named without a verb of it: then its help says more than an error."""
    said = type(problem).__name__, str(getattr(problem, "message", ""))
    return getattr(problem, "ctx", None) is not None and any(
        each in said for each in _asks_for_help
    )


def _usage(problem: Any) -> str:
    said = problem.format_message() if hasattr(problem, "format_message") else str(problem)
    said = said.replace("Value error, ", "").rstrip(".?")
    context = getattr(problem, "ctx", None)
    command = context.command_path if context else "meshproof"
    mark = "?" if "Did you mean" in said else ""
    return f"{said[:1].lower()}{said[1:]}{mark} (see `{command} --help`)"


def _refused(problem: OSError) -> str:
    thing = f"{problem.filename}: " if problem.filename else ""
    return f"{thing}{(problem.strerror or str(problem)).lower()}: see `meshproof doctor`"


def _bug(problem: Exception) -> str:
    return (
        f"{type(problem).__name__}: {problem}: this is a bug of meshproof; "
        "run it again with --debug to see where it is"
    )
