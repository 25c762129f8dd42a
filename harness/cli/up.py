"""`up`: a topology reproduced and kept."""

from typing import TYPE_CHECKING

import typer

from harness.cli import options
from harness.errors import ProvisioningError

if TYPE_CHECKING:
    from harness.reproduce import Reproduced


def up(
    *,
    topology: options.Topology = "primary-remote",
    engine: options.Engine = None,
    images: options.Images = None,
    no_install: options.NoInstall = False,
) -> None:
    """Reproduce a topology and keep it up; doing it again completes what is missing.

    meshproof up
    meshproof up -t multi-primary-two-networks
    meshproof up -t ./my-mesh.yaml
    """
    from harness.card import Options  # noqa: PLC0415  # each loads pydantic and more
    from harness.reproduce import reproduce  # noqa: PLC0415
    from harness.topology_file import find  # noqa: PLC0415
    from reports.progress import Lines  # noqa: PLC0415

    wanted = find(topology)
    chosen = Options(engine=engine, images=images, install=not no_install)
    try:
        mesh = reproduce(wanted, chosen, typer.echo, Lines(typer.echo))
    except (KeyboardInterrupt, ProvisioningError):
        typer.echo("not whole: `meshproof up` completes what there is, `meshproof down` ends it")
        raise
    for line in told(mesh):
        typer.echo(line)


def told(done: "Reproduced") -> list[str]:
    """Return what is up, and the commands a developer wants next."""
    run, topology = done.run, done.mesh.topology
    kubeconfig = run.kubeconfig(topology)
    primary = topology.primaries[0].name
    there = "is up" if done.changed else "is up already, nothing was changed"
    lines = [f"{topology.name} {there}: run {run.card.id}"]
    wide = max(len(name) for name in topology.names)
    for cluster in topology.clusters:
        role = "primary" if cluster.is_primary else f"remote of {cluster.primary}"
        lines.append(f"  {cluster.name:{wide}}  {role}, {cluster.network}")
    within = "" if run.engine.name == "docker" else "meshproof exec -- "
    call = f"-n {topology.client_namespace} exec deploy/sleep -c sleep --"
    return [
        *lines,
        "",
        "next:",
        *([] if within else [f"  export KUBECONFIG={kubeconfig}"]),
        f"  {within}kubectl --context={primary} get pods -A",
        f"  {within}kubectl --context={primary} {call} curl -s {topology.server}:8000/hostname",
        "  meshproof shell      # the same, with contexts set",
        "  meshproof check      # judge every claim about it",
        "  meshproof down       # put it away",
    ]
