"""The machines below: services, routes, and gateways seen from the other clusters' nodes."""

from functools import partial

from fixtures.judge import Judge
from harness.checks.nodes import every_fact_holds
from harness.mesh import Mesh
from harness.probes import nodes
from harness.steps.gateway import gateway_address
from harness.topology import Topology
import pytest


def gateways_in_every_target(topology: Topology) -> bool:
    """An east-west gateway."""
    return any(topology.has_gateway(name) for name in topology.names)


def test_containerd_and_kubelet_run(mesh: Mesh, cluster: str, judge: Judge) -> None:
    """The node's services are up."""
    judge(every_fact_holds, partial(nodes.services_run, mesh, cluster))


def test_pods_of_the_same_network_are_routed_and_no_others(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """Routes to other clusters' pods are exactly where the topology wants them."""
    judge(every_fact_holds, partial(nodes.routes, mesh, cluster))


@pytest.mark.needs(gateways_in_every_target)
def test_gateways_answer_from_the_other_nodes(
    mesh: Mesh, source: str, target: str, judge: Judge
) -> None:
    """The ports that the target's gateway must carry accept connections from the source's node."""
    ports = mesh.topology.gateway_ports(target)
    if not ports:
        pytest.skip(f"{target} needs no gateway")
    address = gateway_address(mesh, target)

    judge(
        every_fact_holds,
        lambda: [
            fact
            for port in ports
            for fact in nodes.gateway_answers(mesh, source, target, address, port)
        ],
    )
