"""`dump`: what a mesh that is up looks like, for whoever has to find out why it is red."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import options

if TYPE_CHECKING:
    from harness.run import Run
    from harness.topology import Topology


def dump(
    *,
    run: options.RunName = None,
    topology: options.TheirTopology = "",
    context: options.Contexts = None,
    kubeconfig: options.Kubeconfig = None,
    into: Annotated[
        Path | None,
        typer.Option(help="The folder it goes to.", show_default="a new one of reports/runs"),
    ] = None,
) -> None:
    """Gather logs, objects and proxies' configuration of all clusters; secrets are left out.

    It takes 20 seconds and 50 MB at most, and changes nothing.

    meshproof dump
    meshproof dump --run 11210503 --into ./why
    meshproof dump -t multi-primary --context cluster1=kind-a --context cluster2=kind-b
    """
    from harness.dump.gather import dump as gathered  # noqa: PLC0415  # loads pydantic and more

    opened, found = _theirs(topology, context, kubeconfig, run) if context else _ours(topology, run)
    folder = into or opened.account / found.name / "dump"
    try:
        index = gathered(opened.mesh(found), folder)
    finally:
        opened.close(failed=False)
    here = Path.cwd()
    shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
    typer.echo(f"{shown}: {index.bytes / 1e6:.1f} MB in {index.seconds:.1f} s")
    for entry in index.missing:
        typer.echo(f"  missing or cut: {entry.cluster}/{entry.piece}: {entry.error}")


def _ours(topology: str, name: str | None) -> tuple["Run", "Topology"]:
    from harness.cli.standing import kept  # noqa: PLC0415  # each loads pydantic and more
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.run import Run  # noqa: PLC0415

    there = kept(LocalShell(), name)
    found = there.topology(topology or name)
    return Run.attach(there.name, apart=True), found


def _theirs(
    topology: str, contexts: list[str], kubeconfig: Path | None, name: str | None
) -> tuple["Run", "Topology"]:
    from harness.card import Options  # noqa: PLC0415  # each loads pydantic and more
    from harness.errors import UsageError  # noqa: PLC0415
    from harness.outside import outside  # noqa: PLC0415
    from harness.providers.contexts import named  # noqa: PLC0415
    from harness.topology_file import find  # noqa: PLC0415

    if name:
        raise UsageError("--context with --run: clusters are yours or a run's: take one of them")
    if not topology:
        raise UsageError("--context: say what the clusters are to be by --topology NAME|FILE")
    wanted = find(topology)
    file = kubeconfig or Path(os.environ.get("KUBECONFIG") or "~/.kube/config")
    theirs = named(contexts, file.expanduser().absolute())
    return outside(theirs, Options(), check_only=True), wanted
