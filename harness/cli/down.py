"""`down`, `status` and `gc`: what runs have on this machine, told and put away."""

from typing import Annotated

import typer

from harness.cli import options, tables

COLUMNS = ("run", "topology", "state", "engine", "since", "whose", "until")


def status(*, output: options.Format = options.Output.TABLE) -> None:
    """Show what is up on this machine, since when, and whose it is.

    meshproof status
    meshproof status -o json
    """
    from harness.cli.standing import runs  # noqa: PLC0415  # loads pydantic and more
    from harness.drivers.shell import LocalShell  # noqa: PLC0415

    rows = [each.row() for each in runs(LocalShell())]
    tables.write(rows, COLUMNS, output, empty="nothing is up: `meshproof up` brings a mesh up")


def down(
    *,
    run: Annotated[
        list[str] | None,
        typer.Argument(help="Runs, or the topologies they have up; a run at work ends, too."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All that is kept or left over, whoever left it.")
    ] = False,
) -> None:
    """Put away the mesh that this checkout keeps, and what dead runs have left.

    meshproof down
    meshproof down 11210503
    meshproof down --all
    """
    from harness.cli.standing import choose, runs  # noqa: PLC0415  # loads pydantic and more
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.engine.owner import State  # noqa: PLC0415
    from harness.leftovers import brief, put_away, put_away_dead  # noqa: PLC0415

    shell = LocalShell()
    there = runs(shell)
    at_work = [each for each in there if each.leftover.state is State.RUNNING]
    alone = at_work if every else []
    if every:
        doomed = [each for each in there if each not in at_work]
    elif run:
        doomed = [choose(there, name) for name in run]
    else:
        kept = [each for each in there if each.leftover.state is State.KEPT]
        ours, alone = ([each for each in kept if each.is_ours is is_it] for is_it in (True, False))
        doomed = [choose(ours, None)] if ours else []
    for each in doomed:
        put_away(shell, each.leftover)
        typer.echo(f"put away {brief(each.leftover)}")
    dead = put_away_dead(shell)
    for leftover in dead:
        typer.echo(f"put away {brief(leftover)}")
    if not doomed and not dead and not alone:
        typer.echo("nothing is up, and nothing is left over")
    for each in alone:
        typer.echo(f"left alone {brief(each.leftover)}: `meshproof down {each.name}` ends it")


def gc(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be put away.")
    ] = False,
) -> None:
    """Put away what dead runs have left, and nothing else.

    meshproof gc --dry-run
    """
    from harness.drivers.shell import LocalShell  # noqa: PLC0415  # loads pydantic and more
    from harness.leftovers import brief, leftovers, put_away_dead  # noqa: PLC0415

    shell = LocalShell()
    if dry_run:
        gone = tuple(each for each in leftovers(shell) if each.abandoned)
    else:
        gone = put_away_dead(shell)
    for each in gone:
        typer.echo(f"{'would put away' if dry_run else 'put away'} {brief(each)}")
    if not gone:
        typer.echo("nothing is left over")
