"""The record of how a mesh was brought up: its steps, its addresses, what went wrong."""

from contextlib import suppress

from harness.errors import UnreachableError
from harness.mesh import Mesh
from harness.perform import Performance
from harness.record import ProvisionRecord


def provisioned(mesh: Mesh, performance: Performance) -> ProvisionRecord:
    """Return the record of a mesh that was brought up, or of why it was not."""
    return ProvisionRecord(
        topology=mesh.topology,
        phase="up",
        steps=performance.records,
        seconds=performance.seconds,
        error=_causes(performance),
        nodes={} if performance.failures else _nodes(mesh),
        gateways={
            name: str(pool.first)
            for name, pool in mesh.pools.items()
            if mesh.topology.has_gateway(name)
        },
    )


def withdrawn(mesh: Mesh, performance: Performance) -> ProvisionRecord:
    """Return the record of a mesh that was taken away from clusters of the user."""
    return ProvisionRecord(
        mesh.topology,
        "down",
        performance.records,
        performance.seconds,
        _causes(performance),
    )


def _causes(performance: Performance) -> str:
    return "; ".join(f"{step}: {cause}" for step, cause in performance.failures.items())


def _nodes(mesh: Mesh) -> dict[str, str]:
    """Return the addresses of the nodes that can be looked at; a user's own may be out of reach."""
    found: dict[str, str] = {}
    for name in mesh.topology.names:
        with suppress(UnreachableError):
            found[name] = mesh.node(name).address
    return found
