"""New pods for a Deployment: a fresh client holds no connection of a path that was taken away."""

from datetime import UTC, datetime

from harness.mesh import Mesh
from harness.steps.workloads import await_deployment

SECONDS = 90.0


def restart(mesh: Mesh, cluster: str, deployment: str, namespace: str) -> None:
    """Replace the Deployment's pods and return once the new ones alone are ready."""
    stamp = {"meshproof.dev/restarted": datetime.now(UTC).isoformat()}
    template = {"template": {"metadata": {"annotations": stamp}}}
    kube = mesh.kube(cluster)
    kube.patch("Deployment", deployment, {"spec": template}, namespace)
    await_deployment(kube, deployment, namespace, where=cluster, seconds=SECONDS)


def fresh_client(mesh: Mesh, cluster: str) -> None:
    """Have the cluster's sleep begin anew: no connection of its Envoy outlives what was changed."""
    restart(mesh, cluster, "sleep", mesh.topology.client_namespace)
