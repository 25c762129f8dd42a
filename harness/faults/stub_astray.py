"""DNS-FWD: the stub forwards to an address where nobody answers."""

from dataclasses import dataclass

from harness.corefile import add_stub
from harness.errors import NotYet
from harness.mesh import Mesh
from harness.steps.corefile import CLUSTER_DNS, change_corefile, corefile_of
from harness.steps.dns_stub import ZONE, resolver_address

ASTRAY = "240.0.0.53"


@dataclass(frozen=True, slots=True)
class StubAstray:
    """The cluster's DNS asks a wrong address for `.global` names."""

    cluster: str

    def __str__(self) -> str:
        return f"stub of {self.cluster} astray"

    def inject(self, mesh: Mesh) -> None:
        """Have the stub forward to an address of nobody."""
        self._forward(mesh, ASTRAY)

    def witness(self, mesh: Mesh) -> None:
        """Raise NotYet unless the Corefile names the wrong address."""
        if ASTRAY not in corefile_of(mesh.kube(self.cluster), CLUSTER_DNS):
            raise NotYet("the stub forwards to the resolver")

    def heal(self, mesh: Mesh) -> None:
        """Have the stub forward to the resolver again."""
        self._forward(mesh, resolver_address(mesh, self.cluster))

    def healed(self, mesh: Mesh) -> None:
        """Raise NotYet while the Corefile names the wrong address."""
        if ASTRAY in corefile_of(mesh.kube(self.cluster), CLUSTER_DNS):
            raise NotYet(f"the stub still forwards to {ASTRAY}")

    def _forward(self, mesh: Mesh, address: str) -> None:
        kube = mesh.kube(self.cluster)
        change_corefile(
            kube, CLUSTER_DNS, lambda text: add_stub(text, ZONE, address), where=self.cluster
        )
