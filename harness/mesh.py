"""Mesh: a topology plus a way into each live cluster; and what a step is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Protocol

from harness.access import Access, Istioctl, Kube, Node
from harness.addresses import AddressRange
from harness.settings import Settings
from harness.topology import Cluster, Topology
from harness.trust import Authority

SYSTEM = "istio-system"
GATEWAY = "istio-eastwestgateway"
NO_LABELS: Mapping[str, str] = MappingProxyType({})
OWNED = "meshproof.dev/run"
"""The label of every namespace that a run makes; its value is the run's name."""


class Layer(StrEnum):
    """What a step builds, and so who is to blame when it fails."""

    BENCH = "bench"
    """Clusters, routes, load balancers: the environment a mesh stands on."""
    MESH = "mesh"
    """Istio and what runs in it."""


class Provider(Protocol):
    """Makes clusters, or finds those that the user brings."""

    name: str
    makes_clusters: bool
    """Whether clusters are ours to make, furnish with a load balancer and delete."""

    def create(self, cluster: Cluster) -> None:
        """Bring up the cluster and return once its API server answers and its node is Ready."""
        ...

    def access(self, cluster: str) -> Access:
        """Return a way into the cluster; needs it to be up."""
        ...

    def pools(self, topology: Topology, size: int) -> Mapping[str, AddressRange]:
        """Claim `size` load-balancer addresses for each cluster; none where they are not ours."""
        ...

    def delete(self, cluster: str) -> None:
        """Delete the cluster; one that is not there is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Mesh:
    """A topology, and a way into each of its clusters once they are up."""

    topology: Topology
    settings: Settings
    provider: Provider
    pools: Mapping[str, AddressRange] = field(default_factory=dict)
    load_balancer: Path = Path()
    """MetalLB's own manifests, a YAML file."""
    authority: Authority | None = None
    """The root of trust that all clusters share, where the topology wants one."""
    run: str = ""
    """The run that brings it up; every namespace that it makes says so."""

    def kube(self, cluster: str) -> Kube:
        """Return the cluster's API."""
        return self.provider.access(cluster).kube

    def node(self, cluster: str) -> Node:
        """Return the cluster's node."""
        return self.provider.access(cluster).node

    def istioctl(self, cluster: str) -> Istioctl:
        """Return istioctl on the cluster."""
        return self.provider.access(cluster).istioctl

    def api_server(self, cluster: str) -> str:
        """Return the URL at which other clusters reach the cluster's API server."""
        return self.provider.access(cluster).api_server

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the labels of every namespace that is made for it."""
        return {OWNED: self.run} if self.run else {}

    def planned_gateway(self, cluster: str) -> IPv4Address | None:
        """Return the address the cluster's gateway will ask for, where addresses are ours."""
        pool = self.pools.get(cluster)
        return pool.first if pool else None


class Step(Protocol):
    """One change to one cluster: a frozen value, called with a mesh, that returns nothing.

    `str(step)` is a sentence in the imperative, unique within a plan.
    """

    layer: ClassVar[Layer]
    seconds: ClassVar[float]
    """The longest the step may take."""

    @property
    def cluster(self) -> str:
        """The cluster that it changes."""
        ...

    def __call__(self, mesh: Mesh) -> None:
        """Make the change and return once it is in force; doing it twice changes nothing more."""
        ...
