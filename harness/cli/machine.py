"""`doctor`: what this machine has and lacks; nothing is changed by looking."""

import os
from typing import TYPE_CHECKING

import typer

from harness.cli import options, tables

if TYPE_CHECKING:
    from harness.engine.choose import Choice
    from harness.engine.finding import Finding

COLOURS = {"√": "green", "‼": "yellow", "×": "red"}  # noqa: RUF001  # the marks of findings


def doctor(
    *,
    engine: options.Engine = None,
    images: options.Images = None,
    output: options.Format = options.Output.TABLE,
) -> None:
    """Say what this machine has and lacks for a run, each with its way out.

    meshproof doctor
    meshproof doctor --engine docker -o short
    """
    from harness.engine.finding import bad, lines  # noqa: PLC0415  # loads pydantic and more
    from harness.errors import ExitCode  # noqa: PLC0415

    choice, findings, _ = examined(engine, images)
    rows = [
        {"title": each.title, "category": each.category, "mark": each.mark}
        | {"cause": each.cause, "hint": each.hint}
        for each in findings
    ]
    match output:
        case options.Output.TABLE:
            for line in (*choice.lines, "", *lines(findings)):
                typer.echo(tables.painted(line, COLOURS.get(line[:1], "")) if line else "")
        case options.Output.SHORT:
            for problem in bad(findings):
                typer.echo(problem)
        case options.Output.JSON:
            tables.write(rows, ("title",), output)
    if bad(findings):
        raise typer.Exit(int(ExitCode.HOST))


def examined(
    engine: str | None, images: str | None
) -> tuple["Choice", tuple["Finding", ...], bool]:
    """Return what would be chosen here, what was found for it, and whether its images are built.

    Nothing is pulled to find out: with a Docker, official images are taken to be had.
    """
    from harness.drivers.shell import LocalShell  # noqa: PLC0415  # loads psutil and more
    from harness.engine.choose import Choice, docker_problem  # noqa: PLC0415
    from harness.engine.doctor import examine, is_built  # noqa: PLC0415
    from harness.engine.stack.store import cache_folder  # noqa: PLC0415
    from harness.settings import Versions  # noqa: PLC0415

    shell, versions = LocalShell(), Versions()
    wanted = engine or os.environ.get("MESHPROOF_ENGINE") or "auto"
    problem = docker_problem(shell, os.environ) if wanted == "auto" else ""
    embedded = wanted == "embedded" or bool(problem)
    asked = images or os.environ.get("MESHPROOF_IMAGES") or "auto"
    built = asked == "built" or (asked == "auto" and embedded)
    choice = Choice(
        "embedded" if embedded else "docker",
        "built" if built else "upstream",
        engine_reason=problem or ("asked for" if wanted != "auto" else "a Docker daemon answers"),
        images_reason="asked for" if asked != "auto" else "as the engine suggests",
    )
    cache = cache_folder()
    found = examine(shell, choice, versions=versions, cache=cache)
    return choice, found, is_built(choice, versions, cache)
