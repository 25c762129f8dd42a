"""The machines below: services, routes, and gateways seen from the other clusters' nodes."""

from functools import partial

import pytest

from fixtures.judge import Judge
from harness.checks.nodes import every_fact_holds
from harness.mesh import Mesh
from harness.probes import nodes
from harness.steps.gateway import gateway_address

pytestmark = pytest.mark.meanwhile


def test_containerd_and_kubelet_run(mesh: Mesh, cluster: str, judge: Judge) -> None:
    """The node's services are up."""
    judge(every_fact_holds, partial(nodes.services_run, mesh, cluster))


def test_pods_of_the_same_network_are_routed_and_no_others(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """Routes to other clusters' pods are exactly where the topology wants them."""
    judge(every_fact_holds, partial(nodes.routes, mesh, cluster))


def test_a_gateway_answers_from_the_other_nodes(
    mesh: Mesh, source: str, gateway: str, judge: Judge
) -> None:
    """The ports that the gateway must carry accept connections from the source's node."""
    address = gateway_address(mesh, gateway)

    judge(
        every_fact_holds,
        lambda: [
            fact
            for port in mesh.topology.gateway_ports(gateway)
            for fact in nodes.gateway_answers(mesh, source, gateway, address, port)
        ],
    )
