"""The certificate authority of a primary, an intermediate of the mesh's shared root."""

from dataclasses import dataclass
from typing import ClassVar

from harness.access import Manifest
from harness.errors import HarnessError
from harness.mesh import SYSTEM, Layer, Mesh
from harness.trust import CaCerts


@dataclass(frozen=True, slots=True)
class PlaceCertificates:
    """Secret `cacerts` is there, before istiod starts: later it would not be read.

    One that is there already stays: what istiod has signed with it must stay valid.
    """

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 30

    def __str__(self) -> str:
        return f"place the certificates of {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        if mesh.authority is None:
            raise HarnessError(f"{mesh.topology.name}: it wants a shared root and was given none")
        kube = mesh.kube(self.cluster)
        if kube.get("Secret", "cacerts", SYSTEM) is None:
            kube.apply(cacerts(mesh.authority.intermediate(self.cluster)))


def cacerts(certificates: CaCerts) -> Manifest:
    """Return the Secret that istiod signs with."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "cacerts", "namespace": SYSTEM},
        "stringData": certificates.files,
    }
