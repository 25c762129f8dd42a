"""Which pods carry a workload: the way in for every other probe."""

from typing import Any

from harness.errors import DeadlineError, NotYet, UnreachableError
from harness.mesh import Mesh
from harness.patience import Patience, until


def running(mesh: Mesh, cluster: str, app: str, namespace: str) -> list[str]:
    """Return the names of an app's ready pods, those that are being deleted left out."""
    pods = mesh.kube(cluster).list("Pod", namespace, selector=f"app={app}")
    return sorted(pod["metadata"]["name"] for pod in pods if _is_ready(pod))


def client(mesh: Mesh, cluster: str, app: str = "sleep") -> str:
    """Return one ready pod of a client; raises UnreachableError when there is none within 20 s."""

    def first() -> str:
        names = running(mesh, cluster, app, mesh.topology.client_namespace)
        if not names:
            raise NotYet("none is ready")
        return names[0]

    try:
        return until(f"{cluster}: a pod of {app}", first, Patience(20))
    except DeadlineError as cause:
        raise UnreachableError(f"{cluster}: no client to ask from: {cause}") from cause


def homes(mesh: Mesh) -> dict[str, str]:
    """Return which cluster each ready pod of httpbin runs in."""
    return {
        pod: cluster
        for cluster in mesh.topology.names
        for pod in running(mesh, cluster, "httpbin", mesh.topology.server_namespace)
    }


def _is_ready(pod: dict[str, Any]) -> bool:
    conditions = pod.get("status", {}).get("conditions", ())
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
