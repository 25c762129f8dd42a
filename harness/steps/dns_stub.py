"""The stub for `.global` in a cluster's own DNS, as the document 004 has it.

The document replaces the whole Corefile by a text that today's CoreDNS refuses; here a block is
added to the live one, and every other byte stays.
"""

from dataclasses import dataclass
from typing import ClassVar

from harness.corefile import add_stub, quicken_reload
from harness.errors import NotYet
from harness.mesh import Layer, Mesh
from harness.steps.corefile import CLUSTER_DNS, RESOLVER, change_corefile, restart_with

ZONE = "global"


@dataclass(frozen=True, slots=True)
class QuickenReload:
    """The cluster's DNS looks at its Corefile every two seconds, where it took up to 45."""

    cluster: str
    layer: ClassVar[Layer] = Layer.BENCH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"quicken the reload of {self.cluster}'s DNS"

    def __call__(self, mesh: Mesh) -> None:
        restart_with(mesh.kube(self.cluster), CLUSTER_DNS, quicken_reload, where=self.cluster)


@dataclass(frozen=True, slots=True)
class StubDomain:
    """The cluster's DNS forwards `.global` to the resolver, and has said that it does."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"stub .{ZONE} in {self.cluster}'s DNS"

    def __call__(self, mesh: Mesh) -> None:
        kube, forward = mesh.kube(self.cluster), resolver_address(mesh, self.cluster)
        change_corefile(
            kube, CLUSTER_DNS, lambda text: add_stub(text, ZONE, forward), where=self.cluster
        )


def resolver_address(mesh: Mesh, cluster: str) -> str:
    """Return the address of the resolver's Service."""
    service = mesh.kube(cluster).get("Service", RESOLVER.name, RESOLVER.namespace)
    if service is None:
        raise NotYet(f"{cluster}: Service {RESOLVER.name} is not there")
    return str(service["spec"]["clusterIP"])
