"""What a cluster holds: the name of every object, whoever made it."""

from typing import Literal

from harness.access import Kube
from harness.errors import HarnessError, RefusedError
from harness.mesh import Mesh
from harness.observation import Inventory, Observation, Unseen

FLEETING = frozenset({"CertificateSigningRequest", "ComponentStatus", "Event", "Lease"})
"""Kinds that a cluster at rest makes and drops by itself."""

MIRROR = "kubernetes.io/config.mirror"

_not_found = 404


def snapshot(mesh: Mesh, moment: Literal["before", "after"]) -> list[Observation]:
    """List all objects of all kinds of every cluster, but for the fleeting ones.

    What is on its way out already is not there before, and is still there after.
    """
    seen: list[Observation] = []
    for cluster in mesh.topology.names:
        try:
            names = objects(mesh.kube(cluster), going=moment == "after")
        except HarnessError as cause:
            seen.append(Unseen(cluster, "all that it holds", str(cause)))
        else:
            seen.append(Inventory(cluster, moment, names))
    return seen


def objects(kube: Kube, *, going: bool) -> tuple[str, ...]:
    """Return `KIND.API NAMESPACE/NAME` of each object, `KIND.API NAME` outside namespaces.

    `going` says whether what is being deleted counts.
    """
    found: list[str] = []
    for kind in kube.kinds():
        if kind.partition(".")[0] in FLEETING:
            continue
        try:
            listed = kube.list(kind)
        except RefusedError as problem:
            if problem.status == _not_found:  # its definition went while we looked
                continue
            raise
        for each in listed:
            # the kubelet's view of a pod of its own, which comes and goes with that view
            if MIRROR in each["metadata"].get("annotations", {}):
                continue
            if "deletionTimestamp" in each["metadata"] and not going:
                continue
            namespace = each["metadata"].get("namespace")
            where = f"{namespace}/" if namespace else ""
            found.append(f"{kind} {where}{each['metadata']['name']}")
    return tuple(sorted(found))
