"""The resolver of `.global`: a CoreDNS that answers from the cluster's ServiceEntries.

It stands where istiocoredns stood, under its name, and is generated where that one listened.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from harness.access import Manifest
from harness.global_dns import records, resolver_corefile
from harness.mesh import Layer, Mesh
from harness.settings import Settings
from harness.steps.corefile import RESOLVER, change_corefile
from harness.steps.dns_stub import ZONE
from harness.steps.workloads import await_deployment

SERVICE_ENTRY = "ServiceEntry.networking.istio.io/v1"


@dataclass(frozen=True, slots=True)
class DeployResolver:
    """The resolver runs and answers for the ServiceEntries that are there."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"deploy the resolver of .{ZONE} in {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        kube = mesh.kube(self.cluster)
        kube.apply(*resolver(mesh.settings, corefile(mesh, self.cluster)))
        await_deployment(
            kube, RESOLVER.name, RESOLVER.namespace, where=self.cluster, seconds=self.seconds
        )


def publish_records(mesh: Mesh, cluster: str) -> None:
    """Have the resolver answer for the ServiceEntries that are there now."""
    text = corefile(mesh, cluster)
    change_corefile(mesh.kube(cluster), RESOLVER, lambda _before: text, where=cluster)


def corefile(mesh: Mesh, cluster: str) -> str:
    """Return the resolver's Corefile for the cluster's ServiceEntries."""
    return resolver_corefile(records(mesh.kube(cluster).list(SERVICE_ENTRY), ZONE))


def resolver(settings: Settings, text: str) -> tuple[Manifest, Manifest, Manifest]:
    """Return the resolver's Corefile, Deployment and Service."""
    metadata = {"name": RESOLVER.name, "namespace": RESOLVER.namespace}
    labels = {"app": RESOLVER.name}
    container: dict[str, Any] = {
        "name": "coredns",
        "image": settings.images.coredns,
        "imagePullPolicy": "IfNotPresent",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181}, "periodSeconds": 1},
        "volumeMounts": [{"name": "config", "mountPath": "/etc/coredns"}],
    }
    pod = {
        "containers": [container],
        "volumes": [{"name": "config", "configMap": {"name": RESOLVER.config}}],
    }
    unmeshed = labels | {"sidecar.istio.io/inject": "false"}
    ports = [
        {"name": name, "port": 53, "targetPort": 53, "protocol": protocol}
        for name, protocol in (("dns", "UDP"), ("dns-tcp", "TCP"))
    ]
    return (
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"Corefile": text}},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata,
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": unmeshed}, "spec": pod},
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": {"selector": labels, "ports": ports},
        },
    )
