"""istio-system, and the istiod of a primary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from harness import operators
from harness.access import Manifest
from harness.mesh import NO_LABELS, SYSTEM, Layer, Mesh
from harness.topology import Topology


@dataclass(frozen=True, slots=True)
class PrepareSystemNamespace:
    """istio-system is there, with the labels and annotations that must precede Istio.

    istiod reads `controlPlaneClusters` once, when a cluster is attached, so it comes first.
    """

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 30

    def __str__(self) -> str:
        return f"prepare istio-system in {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        mesh.kube(self.cluster).apply(
            system_namespace(mesh.topology, self.cluster, labels=mesh.labels)
        )


@dataclass(frozen=True, slots=True)
class InstallPrimary:
    """istiod runs, and the east-west gateway with it where the topology wants one."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 240

    def __str__(self) -> str:
        return f"install the primary {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        operator = operators.primary(
            mesh.topology,
            mesh.settings,
            mesh.topology[self.cluster],
            mesh.planned_gateway(self.cluster),
        )
        mesh.istioctl(self.cluster).install(operator, timeout=self.seconds)


def system_namespace(
    topology: Topology, name: str, *, labels: Mapping[str, str] = NO_LABELS
) -> Manifest:
    """Return istio-system as the cluster needs it."""
    cluster = topology[name]
    metadata: dict[str, Any] = {"name": SYSTEM}
    # istioctl labels only a namespace that it makes itself
    metadata["labels"] = {"topology.istio.io/network": cluster.network, **labels}
    if cluster.is_remote:
        metadata["annotations"] = {"topology.istio.io/controlPlaneClusters": cluster.primary}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
