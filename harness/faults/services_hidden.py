"""EW-SNI: a gateway no longer passes calls on to its cluster's services."""

from dataclasses import dataclass

from harness.errors import NotYet
from harness.mesh import SYSTEM, Mesh
from harness.steps.gateway import ExposeServices
from harness.steps.restart import fresh_client

KIND, NAME = "Gateway.networking.istio.io/v1", "cross-network-gateway"


@dataclass(frozen=True, slots=True)
class ServicesHidden:
    """The cluster's gateway exposes no service, so clients of other networks find no way in.

    `client` is a cluster whose sleep begins anew, because pooled connections outlive the way.
    """

    cluster: str
    client: str

    def __str__(self) -> str:
        return f"services of {self.cluster} hidden behind its gateway"

    def inject(self, mesh: Mesh) -> None:
        """Delete what exposes the services."""
        mesh.kube(self.cluster).delete(KIND, NAME, SYSTEM)
        fresh_client(mesh, self.client)

    def witness(self, mesh: Mesh) -> None:
        """Raise NotYet while the Gateway object is there."""
        if mesh.kube(self.cluster).get(KIND, NAME, SYSTEM):
            raise NotYet(f"{NAME} is still there")

    def heal(self, mesh: Mesh) -> None:
        """Expose the services again."""
        ExposeServices(self.cluster)(mesh)

    def healed(self, mesh: Mesh) -> None:
        """Raise NotYet until the Gateway object is back."""
        if mesh.kube(self.cluster).get(KIND, NAME, SYSTEM) is None:
            raise NotYet(f"{NAME} is not back")
