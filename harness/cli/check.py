"""`check`: every claim about a mesh that is up, which stays up."""

from typing import Annotated

import typer

from harness.cli import options


def check(
    *,
    run: options.RunName = None,
    expression: Annotated[
        str,
        typer.Option("-k", metavar="EXPR", help="Only the claims that match, as pytest has it."),
    ] = "",
    prove: Annotated[
        bool, typer.Option("--prove", help="Break the mesh, too, and heal it.")
    ] = False,
    pytest_args: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- PYTEST_ARGS]...", help="Handed on to pytest as they are."),
    ] = None,
) -> None:
    """Judge every claim about a mesh that is up; nothing is brought up or put away.

    meshproof check
    meshproof check -k "identity or root"
    meshproof check --run 11210503 -- -vv
    """
    from harness.cli.pytest_process import become_pytest, handed_on  # noqa: PLC0415
    from harness.cli.standing import kept  # noqa: PLC0415  # loads pydantic and more
    from harness.drivers.shell import LocalShell  # noqa: PLC0415

    there = kept(LocalShell(), run)
    args = [f"--run={there.name}"]
    if run is not None and run != there.name:
        args.append(f"--topology={run}")
    args += ["-k", expression] if expression else []
    become_pytest(*args, *handed_on(pytest_args or [], prove=prove))
