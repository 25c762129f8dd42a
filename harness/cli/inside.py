"""`exec` and `shell`: a program inside a mesh that is up, its contexts set."""

import os
from pathlib import Path
import shutil
from typing import Annotated, NoReturn

import typer

from harness.cli import options
from harness.errors import HostError


def execute(
    *,
    command: Annotated[
        list[str], typer.Argument(metavar="-- COMMAND...", help="What to run there.")
    ],
    run: options.RunName = None,
) -> None:
    """Run a command with a context for each cluster, where the clusters can be reached.

    meshproof exec -- kubectl --context=cluster2 get pods -A
    meshproof exec -- istioctl --context=cluster1 remote-clusters
    meshproof exec --run mixed -- docker ps
    """
    become(command, run)


def shell(*, run: options.RunName = None) -> None:
    """Open a shell with a context for each cluster, where the clusters can be reached.

    meshproof shell
    """
    program = os.environ.get("SHELL") or "/bin/sh"
    become([program], run, "kubectl, istioctl, kind and docker reach this mesh; `exit` leaves it")


def become(command: list[str], name: str | None, said: str = "") -> NoReturn:
    """Run the command in place of this process, inside the mesh that is up."""
    from harness.cli.standing import kept  # noqa: PLC0415  # loads pydantic and more
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.run import Run  # noqa: PLC0415

    there = kept(LocalShell(), name)
    topology = there.topology(name)
    run = Run.attach(there.name)
    os.environ["KUBECONFIG"] = str(run.kubeconfig(topology))
    os.environ["MESHPROOF_RUN"] = run.card.id
    program = shutil.which(command[0])
    if program is None:
        raise HostError(f"{command[0]}: not found on PATH, nor among the tools of run {there.name}")
    if said:
        typer.echo(said, err=True)
    os.execv(Path(program), command)  # noqa: S606  # no shell is wanted in between
