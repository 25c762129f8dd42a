"""PR-ISTIOD: nobody carries a primary's istiod to its remotes: the east-west gateway is gone."""

from dataclasses import dataclass

from harness.errors import NotYet
from harness.mesh import GATEWAY, SYSTEM, Mesh


@dataclass(frozen=True, slots=True)
class GatewayDown:
    """The cluster's east-west gateway has no pod."""

    cluster: str

    def __str__(self) -> str:
        return f"east-west gateway of {self.cluster} down"

    def inject(self, mesh: Mesh) -> None:
        """Scale the gateway to nothing."""
        self._scale(mesh, 0)

    def witness(self, mesh: Mesh) -> None:
        """Raise NotYet while a pod of the gateway is left."""
        pods = mesh.kube(self.cluster).list("Pod", SYSTEM, selector=f"app={GATEWAY}")
        if pods:
            raise NotYet(f"{len(pods)} pods are left")

    def heal(self, mesh: Mesh) -> None:
        """Scale the gateway back to one."""
        self._scale(mesh, 1)

    def healed(self, mesh: Mesh) -> None:
        """Raise NotYet until the gateway is ready again."""
        deployment = mesh.kube(self.cluster).get("Deployment", GATEWAY, SYSTEM) or {}
        if not deployment.get("status", {}).get("readyReplicas"):
            raise NotYet("its pod is not ready")

    def _scale(self, mesh: Mesh, replicas: int) -> None:
        # its autoscaler stands aside for as long as none are wanted
        patch = {"spec": {"replicas": replicas}}
        mesh.kube(self.cluster).patch("Deployment", GATEWAY, patch, SYSTEM)
