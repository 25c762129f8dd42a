"""Which pieces a cluster's dump has: some always, others as its kinds and its pods are. Pure.

The order is that of worth: when time runs out, the last ones are missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from harness.dump.pieces import Corefile, Envoy, Events, Log, Objects, Piece, Secrets, Told
from harness.mesh import SYSTEM
from harness.steps.corefile import CLUSTER_DNS
from harness.steps.load_balancer import NAMESPACE as LOAD_BALANCER
from harness.topology import Topology

PODS_OF_A_KIND = 3
"""Pods of one app whose logs and configuration are taken; those that are not ready come first."""
PROXY = "istio-proxy"
GROUPS = ("istio.io", "gateway.networking.k8s.io", "metallb.io")
"""The API groups, and those below them, of which every object is taken."""
ADMIN = (
    ("config_dump?include_eds", "config_dump.json"),
    ("clusters", "clusters.txt"),
    ("clusters?format=json", "clusters.json"),
)
"""What an Envoy is asked; from JSON `istioctl proxy-config ... --file` answers as from itself."""


def spaces(topology: Topology) -> tuple[str, ...]:
    """Return the namespaces that a mesh lives in or leans on."""
    return (SYSTEM, *topology.namespaces, CLUSTER_DNS.namespace, LOAD_BALANCER)


def standing(topology: Topology, cluster: str) -> Iterator[Piece]:
    """Yield the pieces that every cluster has, whatever state it is in."""
    if topology[cluster].is_primary:
        yield Told("remote-clusters")
        yield Told("proxy-status")
    everywhere = spaces(topology)
    yield Objects("pods", ("Pod",), everywhere)
    yield Events((*everywhere, "default"))
    yield Objects("workloads", ("Deployment", "DaemonSet"), everywhere)
    yield Objects("services", ("Service",), everywhere)
    yield Objects("endpointslices", ("EndpointSlice",), everywhere)
    yield Secrets()
    yield Objects("namespaces", ("Namespace",))
    yield Objects("nodes", ("Node",))
    yield Corefile()
    yield Objects("webhooks", ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"))
    yield Objects("configmaps", ("ConfigMap",), (SYSTEM, *topology.namespaces))
    yield Objects("roles", ("ClusterRole", "ClusterRoleBinding"), named="istio")


def defined(kinds: Iterable[str]) -> Iterator[Piece]:
    """Yield the pieces of Istio's and MetalLB's own kinds, of all that the cluster serves."""
    served = tuple(kinds)
    for group in GROUPS:
        ours = tuple(kind for kind in served if f".{_group(kind)}".endswith(f".{group}"))
        if ours:
            yield Objects(group.partition(".")[0], ours)


def of_pods(topology: Topology, pods: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """Yield the logs of the pods on the path, and what their proxies hold."""
    chosen = list(_on_the_path(topology, pods))
    for pod in chosen:
        yield from _logs(pod, previous=False)
    for pod in chosen:
        yield from _logs(pod, previous=True)
    for path, name in ADMIN:
        for pod in chosen:
            if any(each["name"] == PROXY and _runs(each) for each in _states(pod)):
                yield Envoy(*_place(pod), path, name)


def _on_the_path(
    topology: Topology, pods: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    placed = [(kind, pod) for pod in pods if (kind := _kind(topology, pod))]
    placed.sort(key=itemgetter(0))
    for _, alike in groupby(placed, key=itemgetter(0)):
        yield from sorted((pod for _, pod in alike), key=_ready)[:PODS_OF_A_KIND]


def _kind(topology: Topology, pod: Mapping[str, Any]) -> tuple[int, str, str] | None:
    """Return what a pod is, those that matter most first; None if it is on no path."""
    space, labels = pod["metadata"]["namespace"], pod["metadata"].get("labels", {})
    app = labels.get("app", "")
    if space == SYSTEM:
        return 0, space, app
    if topology.workloads.get(app) == space:
        return 1, space, app
    if CLUSTER_DNS.label == f"k8s-app={labels.get('k8s-app')}":
        return 2, space, app
    return (3, space, labels.get("component", app)) if space == LOAD_BALANCER else None


def _ready(pod: Mapping[str, Any]) -> bool:
    states: Sequence[Mapping[str, Any]] = pod.get("status", {}).get("containerStatuses") or [{}]
    return all(each.get("ready") for each in states)


def _logs(pod: Mapping[str, Any], *, previous: bool) -> Iterator[Log]:
    for state in _states(pod):
        if state.get("restartCount", 0) if previous else _runs(state) or _ended(state):
            yield Log(*_place(pod), state["name"], previous)


def _states(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    status = pod.get("status", {})
    begun = [each for each in status.get("initContainerStatuses") or () if not _succeeded(each)]
    return [*(status.get("containerStatuses") or ()), *begun]


def _succeeded(state: Mapping[str, Any]) -> bool:
    return bool(state.get("state", {}).get("terminated", {}).get("exitCode") == 0)


def _runs(state: Mapping[str, Any]) -> bool:
    return "running" in state.get("state", {})


def _ended(state: Mapping[str, Any]) -> bool:
    return "terminated" in state.get("state", {}) or state.get("restartCount", 0) > 0


def _place(pod: Mapping[str, Any]) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def _group(kind: str) -> str:
    return kind.partition(".")[2].rpartition("/")[0]
