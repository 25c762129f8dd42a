"""Strict mutual TLS for the workloads, and back."""

from harness.access import Manifest
from harness.mesh import Mesh

KIND = "PeerAuthentication.security.istio.io/v1"
NAME = "strict"


def require_mutual_tls(mesh: Mesh) -> None:
    """Refuse plain text to the workloads of every cluster: told to each primary, who serves it."""
    for primary in mesh.topology.primaries:
        mesh.kube(primary.name).apply(strict(mesh.topology.server_namespace))


def permit_plain_text(mesh: Mesh) -> None:
    """Take the refusal back."""
    for primary in mesh.topology.primaries:
        mesh.kube(primary.name).delete(KIND, NAME, mesh.topology.server_namespace)


def strict(namespace: str) -> Manifest:
    """Return the PeerAuthentication that lets only mutual TLS into a namespace."""
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "PeerAuthentication",
        "metadata": {"name": NAME, "namespace": namespace},
        "spec": {"mtls": {"mode": "STRICT"}},
    }
