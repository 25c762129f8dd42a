"""Attach a cluster to a primary: its istiod may read that cluster's API server."""

from dataclasses import dataclass
from typing import ClassVar

from harness.errors import NotYet
from harness.mesh import Layer, Mesh
from harness.patience import until


@dataclass(frozen=True, slots=True)
class AttachCluster:
    """The primary holds a remote secret for `other`, with an address that it can reach."""

    cluster: str
    other: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"attach {self.other} to {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        secret = mesh.istioctl(self.other).remote_secret(self.other, mesh.api_server(self.other))
        mesh.kube(self.cluster).apply(*secret)


@dataclass(frozen=True, slots=True)
class AwaitSync:
    """The primary's istiod has read every cluster that is attached to it."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"await the clusters that {self.cluster} watches"

    def __call__(self, mesh: Mesh) -> None:
        wanted = {each.name for each in mesh.topology.watched_by(self.cluster)}
        istioctl = mesh.istioctl(self.cluster)

        def synced() -> None:
            status = {row["name"]: row["status"] for row in istioctl.remote_clusters()}
            late = {name: status.get(name, "unknown") for name in sorted(wanted)}
            late = {name: word for name, word in late.items() if word != "synced"}
            if late:
                raise NotYet(", ".join(f"{name} is {word}" for name, word in late.items()))

        until(f"{self.cluster}: its istiod has synced the others", synced, self.seconds)
