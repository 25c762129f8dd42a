"""`qualify`: Istio versions by topologies, one document for a release."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import options

if TYPE_CHECKING:
    from harness.matrix_file import Matrix
    from reports.qualification.model import Profile, QualificationReport


def qualify(  # noqa: PLR0913  # one for each option
    *,
    file: Annotated[
        Path,
        typer.Option("--file", "-f", metavar="MATRIX", help="Which versions, which topologies."),
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where the document goes: YAML, or JSON if it is named so.",
            show_default="below reports/runs",
        ),
    ] = None,
    against: Annotated[
        str,
        typer.Option(metavar="FILE", help="An earlier document: tell what turned red or green."),
    ] = "",
    prove: options.Prove = False,
    engine: options.Engine = None,
    images: options.Images = None,
    no_install: options.NoInstall = False,
) -> None:
    """Verify topologies on several versions of Istio; one document tells.

    meshproof qualify -f scenarios/matrix.yaml
    meshproof qualify -f matrix.yaml --into new.yaml --against old.yaml

    Exit codes: 0 every cell passes or does not apply, 1 a cell fails,
    11 a cell is inconclusive or its Istio cannot be had; else as `verify`.
    """
    from harness.card import RUNS, Options, new_name  # noqa: PLC0415  # each loads pydantic and more
    from harness.cli import tables  # noqa: PLC0415
    from harness.cli.qualification import Stopped, pending, profiles  # noqa: PLC0415
    from harness.cli.verifier import LocalVerifier, chosen, shown  # noqa: PLC0415
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.matrix_file import load  # noqa: PLC0415
    from harness.patience import now  # noqa: PLC0415
    from reports import markdown  # noqa: PLC0415
    from reports.qualification import document  # noqa: PLC0415
    from reports.qualification.changes import changes  # noqa: PLC0415
    from reports.qualification.table import table  # noqa: PLC0415

    matrix = load(file)
    # read before hours of work, not after
    earlier = document.read(document.find(against, RUNS) or Path(against)) if against else None
    started, began = datetime.now(UTC), now()
    target = into or RUNS / f"qualification-{new_name(started)}" / document.NAME
    shell = LocalShell()
    chosen_options = Options(engine=engine, images=images, install=not no_install)
    choice = chosen(shell, matrix.istio, chosen_options, typer.echo)
    more = ("--prove",) * prove + ("--no-install",) * no_install
    verifier = LocalVerifier(choice, shell, typer.echo, install=not no_install, more=more)
    done, stopped = pending(matrix), ""

    def written() -> "QualificationReport":
        report = account(matrix, done, started, now() - began, stopped)
        document.write(target, report)
        return report

    written()
    try:
        for each in profiles(matrix, verifier, typer.echo):
            done[each.istio] = each
            written()
    except Stopped as cause:
        done[cause.profile.istio], stopped = cause.profile, str(cause)
    except KeyboardInterrupt:
        stopped = "by the user"
    report = written()
    typer.echo()
    for line in table(report):
        typer.echo(
            "".join(tables.painted(span.text, _COLOURS.get(span.style, "")) for span in line)
        )
    typer.echo(f"document: {shown(target.absolute())}")
    if earlier is not None:
        typer.echo(f"\nagainst {against}:\n")
        typer.echo(markdown.changes(changes(earlier, report)), nl=False)
    raise typer.Exit(report.exit_code)


_COLOURS = {"red": "red", "green": "green", "yellow": "yellow"}


def account(
    matrix: "Matrix",
    done: dict[str, "Profile"],
    started: datetime,
    seconds: float,
    stopped: str,
) -> "QualificationReport":
    """Return the document as far as it goes."""
    from harness.cli.provenance import meshproof  # noqa: PLC0415
    from reports.facts import host_facts  # noqa: PLC0415
    from reports.qualification.conclude import conclude  # noqa: PLC0415

    return conclude(
        matrix.title,
        tuple(done.values()),
        meshproof=meshproof(),
        host=host_facts(),
        started=started,
        seconds=seconds,
        stopped=stopped,
    )
