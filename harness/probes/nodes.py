"""Questions put to the machines that carry the clusters, by testinfra."""

from collections.abc import Callable
from functools import partial

from harness.errors import HarnessError
from harness.mesh import Mesh
from harness.observation import NodeFact, Observation, Unseen
from harness.probes.together import together


def services_run(mesh: Mesh, cluster: str) -> list[Observation]:
    """Ask whether containerd and kubelet run."""

    def running(unit: str) -> tuple[bool, str]:
        return mesh.node(cluster).service_is_running(unit), ""

    return together(
        lambda unit: _ask(cluster, f"{unit} runs", partial(running, unit)),
        ("containerd", "kubelet"),
    )


def routes(mesh: Mesh, cluster: str) -> list[Observation]:
    """Ask for the routes to other clusters' pods: by their nodes in a network, none across."""
    near = {each.name for each in mesh.topology.neighbours(cluster)}

    def look(other: str) -> tuple[bool, str]:
        hop = mesh.node(cluster).route_to(str(mesh.topology[other].pods))
        wanted = mesh.node(other).address if other in near else ""
        return hop == wanted, f"next hop {hop or 'none'}"

    return [
        _ask(
            cluster,
            f"the pods of {other} are {'routed by its node' if other in near else 'not routed'}",
            partial(look, other),
        )
        for other in mesh.topology.names
        if other != cluster
    ]


def gateway_answers(
    mesh: Mesh, source: str, target: str, address: str, port: int
) -> list[Observation]:
    """Ask whether the gateway of `target` accepts a connection from the node of `source`."""
    question = f"the gateway of {target} accepts {address}:{port}"
    return [_ask(source, question, lambda: (mesh.node(source).connects(address, port), ""))]


def _ask(cluster: str, question: str, look: Callable[[], tuple[bool, str]]) -> Observation:
    try:
        holds, seen = look()
    except HarnessError as cause:
        return Unseen(cluster, question, str(cause))
    return NodeFact(cluster, question, holds, seen)
