"""RSEC-MISSING: a primary no longer holds the remote secret of another cluster."""

from dataclasses import dataclass

from harness.errors import NotYet
from harness.mesh import SYSTEM, Mesh
from harness.steps.attachment import AttachCluster


@dataclass(frozen=True, slots=True)
class RemoteSecretGone:
    """The primary does not watch the other cluster, so its endpoints are gone."""

    primary: str
    other: str

    def __str__(self) -> str:
        return f"remote secret of {self.other} gone from {self.primary}"

    def inject(self, mesh: Mesh) -> None:
        """Delete the secret."""
        mesh.kube(self.primary).delete("Secret", f"istio-remote-secret-{self.other}", SYSTEM)

    def witness(self, mesh: Mesh) -> None:
        """Raise NotYet while the primary's istiod still lists the cluster."""
        if self._listed(mesh):
            raise NotYet(f"{self.primary} still watches {self.other}")

    def heal(self, mesh: Mesh) -> None:
        """Attach the cluster again."""
        AttachCluster(self.primary, self.other)(mesh)

    def healed(self, mesh: Mesh) -> None:
        """Raise NotYet until the cluster is synced again."""
        if self._listed(mesh) != "synced":
            raise NotYet(f"{self.other} is {self._listed(mesh) or 'unknown'} to {self.primary}")

    def _listed(self, mesh: Mesh) -> str:
        rows = mesh.istioctl(self.primary).remote_clusters()
        return next((row["status"] for row in rows if row["name"] == self.other), "")
