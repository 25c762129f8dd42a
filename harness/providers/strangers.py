"""Strangers: what stands on the user's clusters where a mesh would, and is not ours.

`istioctl uninstall --purge` takes away every Istio of a cluster, so there must be no other.
"""

from collections.abc import Iterator

from harness.errors import UsageError
from harness.mesh import SYSTEM, Mesh
from harness.steps.withdrawal import namespaces, owned
from harness.topology import Resolver

_kinds = (
    "ClusterRole",
    "ClusterRoleBinding",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
)
_components = "operator.istio.io/component"
"""The label by which istioctl finds what it purges."""
_way_out = "remove it, take other clusters, or only look with `--check-only`"


def refuse_strangers(mesh: Mesh) -> None:
    """Raise UsageError with all that is in the way of installing the mesh, in every cluster."""
    problems = [each for name in mesh.topology.names for each in _strangers(mesh, name)]
    if mesh.topology.resolver is Resolver.STUB:
        problems.append(
            f"{mesh.topology.name}: its stub changes the clusters' own DNS, which is not ours: "
            "take `resolver: proxy`, or only look with `--check-only`"
        )
    if problems:
        raise UsageError(*problems)


def _strangers(mesh: Mesh, cluster: str) -> Iterator[str]:
    kube = mesh.kube(cluster)
    for name in namespaces(mesh):
        if kube.get("Namespace", name) and not owned(mesh, cluster, name):
            yield f"{cluster}: namespace {name} is there and no run made it: {_way_out}"
    ours = owned(mesh, cluster, SYSTEM)
    for each in kube.list("Deployment", selector="app=istiod"):
        if (namespace := each["metadata"]["namespace"]) != SYSTEM:
            yield f"{cluster}: an istiod runs in namespace {namespace}: {_way_out}"
    if ours:
        return
    for kind in _kinds:
        for each in kube.list(kind, selector=_components):
            name = each["metadata"]["name"]
            yield f"{cluster}: {kind} {name} is of an Istio that no run made: {_way_out}"
