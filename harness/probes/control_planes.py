"""What stands in each cluster's istio-system, and what its injector made of pods."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from harness.errors import HarnessError
from harness.mesh import SYSTEM, Mesh
from harness.observation import (
    ControlPlane,
    InjectedPod,
    Observation,
    RemoteCluster,
    Unseen,
)
from harness.probes.together import together
from harness.steps.remote import injector_name
from harness.topology import Topology


def control_planes(mesh: Mesh) -> list[Observation]:
    """Look at every cluster's istiod, injector, Service istiod and mesh root."""
    return together(
        lambda name: _seen(name, "its control plane", partial(_plane, mesh, name)),
        mesh.topology.names,
    )


def remote_clusters(mesh: Mesh) -> list[Observation]:
    """Ask every primary's istiod which clusters it watches."""
    seen: list[Observation] = []
    for primary in mesh.topology.primaries:
        try:
            rows = mesh.istioctl(primary.name).remote_clusters()
        except HarnessError as cause:
            seen.append(Unseen(primary.name, "istioctl remote-clusters", str(cause)))
            continue
        seen += [
            RemoteCluster(primary.name, row["name"], row["secret"], row["status"]) for row in rows
        ]
    return seen


def injected_pods(mesh: Mesh) -> list[Observation]:
    """Look at every pod of sleep and httpbin in every cluster."""
    seen: list[Observation] = []
    for name in mesh.topology.names:
        try:
            pods = [
                pod
                for app, namespace in mesh.topology.workloads.items()
                for pod in mesh.kube(name).list("Pod", namespace, selector=f"app={app}")
            ]
        except HarnessError as cause:
            seen.append(Unseen(name, "the workloads' pods", str(cause)))
            continue
        seen += [_pod(name, pod) for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    return seen


def injectors(topology: Topology) -> dict[str, str]:
    """Return what each cluster's injection webhook must call: namespace/service/path."""
    istiod = f"istiod-{topology.revision}" if topology.revision else "istiod"
    return {
        cluster.name: f"{SYSTEM}/{istiod}"
        + (
            f"/inject/cluster/{cluster.name}/net/{cluster.network}"
            if cluster.is_remote
            else "/inject"
        )
        for cluster in topology.clusters
    }


def _plane(mesh: Mesh, name: str) -> ControlPlane:
    kube, revision = mesh.kube(name), mesh.topology.revision
    istiod = f"istiod-{revision}" if revision else "istiod"
    pods = kube.list("Pod", SYSTEM, selector="app=istiod")
    slices = kube.list(
        "EndpointSlice.discovery.k8s.io/v1", SYSTEM, selector=f"kubernetes.io/service-name={istiod}"
    )
    namespace = kube.get("Namespace", SYSTEM) or {"metadata": {}}
    webhook = kube.get("MutatingWebhookConfiguration", injector_name(mesh.topology))
    annotations = namespace["metadata"].get("annotations", {})
    return ControlPlane(
        cluster=name,
        istiods=tuple(pod["metadata"]["name"] for pod in pods),
        injector_service=_injector(webhook),
        endpoints=tuple(
            sorted(
                {
                    address
                    for each in slices
                    for endpoint in each.get("endpoints") or ()
                    for address in endpoint["addresses"]
                }
            )
        ),
        root=root_of(mesh, name),
        annotation=annotations.get("topology.istio.io/controlPlaneClusters", ""),
    )


def root_of(mesh: Mesh, cluster: str) -> str:
    """Return the SHA-256 of the root that the cluster's workloads are handed; empty without one."""
    namespace = mesh.topology.client_namespace
    config = mesh.kube(cluster).get("ConfigMap", "istio-ca-root-cert", namespace)
    pem = (config or {}).get("data", {}).get("root-cert.pem", "")
    return sha256(pem.strip().encode()).hexdigest() if pem else ""


def _injector(webhook: dict[str, Any] | None) -> str:
    if webhook is None:
        return ""
    config = webhook["webhooks"][0]["clientConfig"]
    service = config.get("service")
    if service is None:
        return str(config.get("url", ""))
    return f"{service['namespace']}/{service['name']}{service.get('path', '')}"


def _pod(cluster: str, pod: dict[str, Any]) -> InjectedPod:
    containers = [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]
    proxy: dict[str, Any] = next((each for each in containers if each["name"] == "istio-proxy"), {})
    env = {each["name"]: each.get("value", "") for each in proxy.get("env", ())}
    return InjectedPod(
        cluster=cluster,
        pod=pod["metadata"]["name"],
        containers=tuple(each["name"] for each in containers),
        cluster_id=env.get("ISTIO_META_CLUSTER_ID", ""),
        network=env.get("ISTIO_META_NETWORK", ""),
        discovery_address=env.get("CA_ADDR", ""),
    )


def _seen(source: str, question: str, look: Callable[[], Observation]) -> Observation:
    try:
        return look()
    except HarnessError as cause:
        return Unseen(source, question, str(cause))
