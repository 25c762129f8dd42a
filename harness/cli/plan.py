"""`plan`: what a topology is, and what would be done for it, without doing any of it."""

from collections.abc import Iterator
from ipaddress import IPv4Network
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli import options
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.addresses import AddressRange
    from harness.graph import Plan
    from harness.topology import Topology

EMPTY = IPv4Network("172.18.0.0/16")
"""The container network of a private engine, and of a Docker that has had no other before."""


def plan(
    *,
    topology: options.Topology = "primary-remote",
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    diagram: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw it instead; `-` for standard output."),
    ] = None,
) -> None:
    """Show a topology resolved: its clusters, their addresses, every step and its order.

    meshproof plan -t mixed
    meshproof plan -t ./my-mesh.yaml --json
    meshproof plan -t mixed --diagram mixed.svg
    """
    if as_json and diagram:
        raise UsageError("--json and --diagram are two ways to show it: choose one")
    from harness.addresses import carve  # noqa: PLC0415  # each loads pydantic and more
    from harness.plan import plan as planned  # noqa: PLC0415
    from harness.settings import Settings  # noqa: PLC0415
    from harness.topology_file import find  # noqa: PLC0415

    wanted, settings = find(topology), Settings()
    carved = carve(EMPTY, count=len(wanted.names), size=settings.pool_size)
    pools = dict(zip(wanted.names, carved, strict=True))
    steps = planned(wanted, pools)
    if diagram:
        _write(diagram, _drawn(wanted, pools, steps))
        return
    if as_json:
        typer.echo(json.dumps(_value(wanted, pools, steps), indent=2))
        return
    for line in _told(wanted, pools, steps):
        typer.echo(line)


def _told(topology: "Topology", pools: dict[str, "AddressRange"], plan: "Plan") -> Iterator[str]:
    yield f"{topology.name}: {topology.title}"
    wide = max(len(name) for name in topology.names)
    for cluster in topology.clusters:
        role = "primary" if cluster.is_primary else f"remote of {cluster.primary}"
        yield f"  {cluster.name:{wide}}  {role}, {cluster.network}"
        yield f"  {'':{wide}}  pods {cluster.pods}, services {cluster.services}"
        pool = pools[cluster.name]
        ports = ", ".join(map(str, topology.gateway_ports(cluster.name)))
        yield f"  {'':{wide}}  addresses {pool}" + (
            f", gateway {pool.first} ({ports})" if ports else ""
        )
    yield f"  addresses as on {EMPTY} with nothing else on it; a run takes what is free"
    yield ""
    yield "who reaches whom, by which name:"
    for source in topology.names:
        for host, answering in topology.reach(source).items():
            yield f"  {source:{wide}}  {host}: {', '.join(sorted(answering)) or 'nobody'}"
    yield ""
    yield f"{len(plan.tasks)} steps, those of a number side by side where they need no other:"
    for number, stage in enumerate(plan.stages(), 1):
        for task in stage:
            yield f"  {number:2}  {task.name}"
    yield ""
    missing = _missing()
    yield from (
        ("missing:", *(f"  {each}" for each in missing)) if missing else ("missing: nothing",)
    )


def _value(topology: "Topology", pools: dict[str, "AddressRange"], plan: "Plan") -> dict[str, Any]:
    numbers = {task.name: n for n, stage in enumerate(plan.stages(), 1) for task in stage}
    return {
        "topology": topology.model_dump(mode="json"),
        "gateways": {
            name: {
                "address": str(pools[name].first),
                "ports": list(topology.gateway_ports(name)),
            }
            for name in topology.names
            if topology.has_gateway(name)
        },
        "pools": {name: str(pool) for name, pool in pools.items()},
        "reach": {
            source: {host: sorted(names) for host, names in topology.reach(source).items()}
            for source in topology.names
        },
        "steps": [
            {
                "step": task.name,
                "cluster": task.step.cluster,
                "layer": str(task.step.layer),
                "stage": numbers[task.name],
                "after": list(task.after),
            }
            for task in plan.tasks
        ],
        "missing": list(_missing()),
    }


def _drawn(topology: "Topology", pools: dict[str, "AddressRange"], plan: "Plan") -> str:
    from reports.blueprint import svg  # noqa: PLC0415  # loads jinja
    from reports.columns import Need  # noqa: PLC0415

    gateways = {
        name: str(pools[name].first) for name in topology.names if topology.has_gateway(name)
    }
    needs = [
        Need(task.name, task.step.cluster, str(task.step.layer), task.after) for task in plan.tasks
    ]
    return svg(topology, gateways, needs)


def _write(path: Path, text: str) -> None:
    if path == Path("-"):
        typer.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        said = (problem.strerror or str(problem)).lower()
        raise UsageError(f"{path}: {said}: name a file that can be written") from problem
    typer.echo(f"{path}: open it in a browser")


def _missing() -> tuple[str, ...]:
    from harness.cli.machine import examined  # noqa: PLC0415
    from harness.engine.finding import bad  # noqa: PLC0415

    choice, findings, built = examined(None, None)
    unbuilt = () if built else (f"tools and images ({choice.images}): the first run makes them",)
    return (*bad(findings), *unbuilt)
