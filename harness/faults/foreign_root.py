"""TLS-ROOT: one cluster's certificates come from a root that the others do not trust."""

from base64 import b64decode
from dataclasses import dataclass

from harness.errors import HarnessError, NotYet
from harness.mesh import GATEWAY, SYSTEM, Mesh
from harness.patience import until
from harness.probes.control_planes import root_of
from harness.steps.remote import injector_name
from harness.steps.restart import SECONDS, restart
from harness.steps.trust import cacerts
from harness.trust import Authority, CaCerts


@dataclass(frozen=True, slots=True)
class ForeignRoot:
    """The cluster signs with an intermediate of another root, and its workloads carry it.

    `witnesses` is a cluster whose root is still the mesh's.
    """

    cluster: str
    witnesses: str

    def __str__(self) -> str:
        return f"foreign root in {self.cluster}"

    def inject(self, mesh: Mesh) -> None:
        """Sign with another root from now on."""
        self._sign(mesh, Authority.make().intermediate(self.cluster))

    def witness(self, mesh: Mesh) -> None:
        """Raise NotYet while both clusters hand out one root."""
        if self._same(mesh):
            raise NotYet("both clusters hand out one root")

    def heal(self, mesh: Mesh) -> None:
        """Sign with the mesh's own root again."""
        if mesh.authority is None:
            raise HarnessError(f"{mesh.topology.name}: it has no shared root to go back to")
        self._sign(mesh, mesh.authority.intermediate(self.cluster))

    def healed(self, mesh: Mesh) -> None:
        """Raise NotYet until both clusters hand out one root."""
        if not self._same(mesh):
            raise NotYet("the roots differ")

    def _same(self, mesh: Mesh) -> bool:
        roots = {name: root_of(mesh, name) for name in (self.cluster, self.witnesses)}
        if missing := [name for name, root in roots.items() if not root]:
            raise NotYet(f"{' and '.join(missing)} hands out no root")
        return roots[self.cluster] == roots[self.witnesses]

    def _see_root(self, mesh: Mesh, root: str) -> None:
        kube, name = mesh.kube(self.cluster), injector_name(mesh.topology)
        for namespace in (SYSTEM, *mesh.topology.namespaces):
            config = kube.get("ConfigMap", "istio-ca-root-cert", namespace) or {"data": {}}
            if config["data"].get("root-cert.pem", "").strip() != root:
                raise NotYet(f"{namespace} has another root")
        webhook = kube.get("MutatingWebhookConfiguration", name) or {}
        bundles = {
            b64decode(each["clientConfig"].get("caBundle", "")).decode().strip()
            for each in webhook.get("webhooks", ())
        }
        if bundles != {root}:
            raise NotYet(f"{name} is called by another root")

    def _sign(self, mesh: Mesh, certificates: CaCerts) -> None:
        mesh.kube(self.cluster).apply(cacerts(certificates))
        revision = mesh.topology.revision
        restart(mesh, self.cluster, f"istiod-{revision}" if revision else "istiod", SYSTEM)
        # a pod made before istiod has handed its root to injector and namespaces never gets ready
        until(
            f"{self.cluster}: its istiod hands out the new root",
            lambda: self._see_root(mesh, certificates.root_cert.strip()),
            SECONDS,
        )
        restart(mesh, self.cluster, GATEWAY, SYSTEM)
        for name, namespace in mesh.topology.workloads.items():
            restart(mesh, self.cluster, name, namespace)
