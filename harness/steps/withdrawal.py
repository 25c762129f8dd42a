"""Take Istio away again: as the documents do it, and the traces that they leave besides.

Nothing is taken that does not carry the label of a run of meshproof.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from harness.access import Kube
from harness.errors import NotYet, UsageError
from harness.mesh import OWNED, SYSTEM, Layer, Mesh
from harness.patience import until

CRD = "CustomResourceDefinition"
GIVEN = ("istio-ca-root-cert", "istio-ca-crl")
"""What istiod writes into every namespace of every cluster that it serves."""


@dataclass(frozen=True, slots=True)
class UninstallIstio:
    """`istioctl uninstall --purge` is done and no istiod runs any more; Istio's CRDs stay."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 120

    def __str__(self) -> str:
        return f"uninstall Istio from {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        if not owned(mesh, self.cluster, SYSTEM):
            raise UsageError(f"{self.cluster}: its {SYSTEM} is not ours: uninstall it yourself")
        mesh.istioctl(self.cluster).uninstall(timeout=self.seconds)
        kube = mesh.kube(self.cluster)

        def stopped() -> None:
            if running := kube.list("Pod", SYSTEM, selector="app=istiod"):
                raise NotYet(f"{len(running)} istiods end")

        until(f"{self.cluster}: no istiod runs", stopped, self.seconds)


@dataclass(frozen=True, slots=True)
class RemoveTraces:
    """What Istio left outside its namespaces is gone, unless it was there before ours were.

    Those are its CRDs, which `uninstall --purge` keeps, and the root certificates that istiod
    gave to every namespace.
    """

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"remove the traces of Istio from {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        kube = mesh.kube(self.cluster)
        system = kube.get("Namespace", SYSTEM)
        if system is None or OWNED not in system["metadata"].get("labels", {}):
            raise UsageError(f"{self.cluster}: its {SYSTEM} is not ours: what is, is unknown")
        since = str(system["metadata"]["creationTimestamp"])
        for name in GIVEN:
            for each in kube.list("ConfigMap"):
                if each["metadata"]["name"] == name and _is_younger(each, since):
                    kube.delete("ConfigMap", name, each["metadata"]["namespace"])
        for name in _definitions(kube, since):
            kube.delete(CRD, name)

        def gone() -> None:
            if left := _definitions(kube, since):
                raise NotYet(f"{len(left)} of them are there")

        until(f"{self.cluster}: the CRDs of Istio are gone", gone, self.seconds)


@dataclass(frozen=True, slots=True)
class DeleteNamespaces:
    """istio-system and the workloads' namespaces are gone, those of them that a run made."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 180

    def __str__(self) -> str:
        return f"delete the namespaces of the mesh from {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        kube = mesh.kube(self.cluster)
        ours = [name for name in namespaces(mesh) if owned(mesh, self.cluster, name)]
        for name in ours:
            kube.delete("Namespace", name)

        def gone() -> None:
            if left := [name for name in ours if kube.get("Namespace", name)]:
                raise NotYet(f"{', '.join(left)} is there")

        until(f"{self.cluster}: namespaces {', '.join(ours)} are gone", gone, self.seconds)


def namespaces(mesh: Mesh) -> tuple[str, ...]:
    """Return every namespace that a mesh needs for itself."""
    return (*mesh.topology.namespaces, SYSTEM)


def owned(mesh: Mesh, cluster: str, namespace: str, *, run: str = "") -> bool:
    """Whether the namespace is there and carries the label of the run, or of any run."""
    found = mesh.kube(cluster).get("Namespace", namespace)
    owner = found["metadata"].get("labels", {}).get(OWNED) if found else None
    return owner is not None and run in ("", owner)


def carrying(mesh: Mesh, run: str = "") -> list[str]:
    """Return the clusters on which the run, or any run, has something of a mesh."""
    return [
        cluster
        for cluster in mesh.topology.names
        if any(owned(mesh, cluster, name, run=run) for name in namespaces(mesh))
    ]


def _definitions(kube: Kube, since: str) -> list[str]:
    return [
        each["metadata"]["name"]
        for each in kube.list(CRD)
        if each["metadata"]["name"].endswith(".istio.io") and _is_younger(each, since)
    ]


def _is_younger(each: dict[str, Any], since: str) -> bool:
    # both are RFC 3339 in UTC to the second, which sorts as text
    return str(each["metadata"]["creationTimestamp"]) >= since
