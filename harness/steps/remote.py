"""A remote: what istioctl installs in it, and its adoption by the primary's istiod."""

from dataclasses import dataclass
from typing import ClassVar

from harness import operators
from harness.errors import NotYet
from harness.mesh import Layer, Mesh
from harness.patience import until
from harness.steps.gateway import gateway_address
from harness.topology import Topology


@dataclass(frozen=True, slots=True)
class InstallRemote:
    """Webhook and Service of the remote lead to the primary's gateway."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 120

    def __str__(self) -> str:
        return f"install the remote {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        primary = mesh.topology[self.cluster].primary
        address = mesh.planned_gateway(primary) or gateway_address(mesh, primary)
        operator = operators.remote(
            mesh.topology, mesh.settings, mesh.topology[self.cluster], str(address)
        )
        mesh.istioctl(self.cluster).install(operator, timeout=self.seconds)


@dataclass(frozen=True, slots=True)
class AwaitAdoption:
    """The primary has given the remote's webhook its CA and its namespaces the mesh's root."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"await the adoption of {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        kube = mesh.kube(self.cluster)
        injector = injector_name(mesh.topology)

        def adopted() -> None:
            webhook = kube.get("MutatingWebhookConfiguration", injector)
            if webhook is None:
                raise NotYet(f"{injector} is not there")
            if not all(each["clientConfig"].get("caBundle") for each in webhook["webhooks"]):
                raise NotYet(f"{injector} has no caBundle yet")
            for namespace in mesh.topology.namespaces:
                if kube.get("ConfigMap", "istio-ca-root-cert", namespace) is None:
                    raise NotYet(f"{namespace} has no istio-ca-root-cert yet")

        until(f"{self.cluster}: adopted by its primary", adopted, self.seconds)


def injector_name(topology: Topology) -> str:
    """Return the name of the injector's webhook configuration."""
    revision = f"-{topology.revision}" if topology.revision else ""
    return f"istio-sidecar-injector{revision}"
