"""Where httpbin serves: everywhere, or in chosen clusters only."""

from dataclasses import dataclass
from typing import ClassVar

from harness.mesh import Layer, Mesh
from harness.steps.workloads import await_deployment


@dataclass(frozen=True, slots=True)
class ServeOnlyIn:
    """httpbin runs in these clusters and in no other."""

    clusters: frozenset[str]
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"serve httpbin only in {', '.join(sorted(self.clusters))}"

    def begin(self, mesh: Mesh) -> None:
        """Ask for it, and wait for nothing."""
        for name in mesh.topology.names:
            replicas = 1 if name in self.clusters else 0
            mesh.kube(name).patch(
                "Deployment",
                "httpbin",
                {"spec": {"replicas": replicas}},
                mesh.topology.server_namespace,
            )

    def __call__(self, mesh: Mesh) -> None:
        self.begin(mesh)
        namespace = mesh.topology.server_namespace
        for name in mesh.topology.names:
            await_deployment(
                mesh.kube(name), "httpbin", namespace, where=name, seconds=self.seconds
            )
