"""Bring up a cluster, and the routes that join it to its neighbours."""

from dataclasses import dataclass
from typing import ClassVar

from harness.errors import HostError
from harness.mesh import Layer, Mesh


@dataclass(frozen=True, slots=True)
class CreateCluster:
    """The cluster is up and its node Ready."""

    cluster: str
    layer: ClassVar[Layer] = Layer.BENCH
    seconds: ClassVar[float] = 300

    def __str__(self) -> str:
        return f"create {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        mesh.provider.create(mesh.topology[self.cluster])


@dataclass(frozen=True, slots=True)
class RouteToNeighbours:
    """The node knows the way to the pods of every other cluster on its network."""

    cluster: str
    layer: ClassVar[Layer] = Layer.BENCH
    seconds: ClassVar[float] = 30

    def __str__(self) -> str:
        return f"route {self.cluster} to its neighbours"

    def __call__(self, mesh: Mesh) -> None:
        node = mesh.node(self.cluster)
        for neighbour in mesh.topology.neighbours(self.cluster):
            via = mesh.node(neighbour.name).address
            done = node.run("ip", "route", "replace", str(neighbour.pods), "via", via)
            if done.code:
                raise HostError(
                    f"{self.cluster}: no route to {neighbour.pods} by {via}: {done.stderr.strip()}"
                )
