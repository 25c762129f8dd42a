"""From a topology to a graph of steps: the only place where order is decided.

A step waits for those it truly needs and for nothing else, so that all that may go side by side
does. The plan is a value: equal by content, printable, tested without a cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.addresses import AddressRange
from harness.errors import HarnessError
from harness.mesh import Step
from harness.steps.attachment import AttachCluster, AwaitSync
from harness.steps.clusters import CreateCluster, RouteToNeighbours
from harness.steps.control_plane import InstallPrimary, PrepareSystemNamespace
from harness.steps.dns_stub import QuickenReload, StubDomain
from harness.steps.gateway import (
    AwaitGatewayAddress,
    ExposeIstiod,
    ExposeServices,
    InstallGateway,
)
from harness.steps.global_names import CallGlobalNames, ServeGlobalNames
from harness.steps.global_resolver import DeployResolver
from harness.steps.load_balancer import InstallLoadBalancer, ProvidePool
from harness.steps.remote import AwaitAdoption, InstallRemote
from harness.steps.trust import PlaceCertificates
from harness.steps.workloads import DeployWorkloads, PrepareWorkloads
from harness.topology import Cluster, Discovery, GlobalForm, Resolver, Root, Topology


@dataclass(frozen=True, slots=True)
class Task:
    """A step, and the sentences of the steps that must have ended before it."""

    step: Step
    after: tuple[str, ...]

    @property
    def name(self) -> str:
        """The step's sentence: unique within its plan."""
        return str(self.step)


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks, each after those it needs."""

    tasks: tuple[Task, ...]

    def stages(self) -> tuple[tuple[Task, ...], ...]:
        """Return the tasks by how many others must have ended before, for people to read."""
        depth: dict[str, int] = {}
        for task in self.tasks:
            depth[task.name] = max((depth[name] + 1 for name in task.after), default=0)
        return tuple(
            tuple(task for task in self.tasks if depth[task.name] == stage)
            for stage in sorted(set(depth.values()))
        )


def plan(
    topology: Topology, pools: Mapping[str, AddressRange], *, makes_clusters: bool = True
) -> Plan:
    """Return what brings the topology up.

    `pools` maps each cluster to its load-balancer addresses; a cluster without one has a load
    balancer already, and its gateway's address is only known once it has it.
    """
    order = _Order()
    for cluster in topology.clusters:
        if makes_clusters:
            order.add(CreateCluster(cluster.name))
    for cluster in topology.clusters:
        _bench(order, topology, cluster, pools.get(cluster.name))
        order.add(PrepareSystemNamespace(cluster.name), CreateCluster(cluster.name))
        order.add(PrepareWorkloads(cluster.name), CreateCluster(cluster.name))
    for cluster in topology.primaries:
        _primary(order, topology, cluster, pools.get(cluster.name))
    for cluster in topology.remotes:
        _remote(order, topology, cluster, address_is_planned=cluster.primary in pools)
    for primary in topology.primaries:
        _attachments(order, topology, primary)
    for cluster in topology.clusters:
        _furnish(order, cluster)
        if topology.discovery is Discovery.GLOBAL_NAMES:
            _global_names(order, topology, cluster)
    return order.plan()


class _Order:
    """Collects tasks; what a step is said to need counts only if it is part of the plan."""

    def __init__(self) -> None:
        self._tasks: dict[str, tuple[Step, tuple[Step, ...]]] = {}

    def add(self, step: Step, *after: Step) -> None:
        self._tasks[str(step)] = (step, after)

    def plan(self) -> Plan:
        needs = {
            name: tuple(dict.fromkeys(str(each) for each in after if str(each) in self._tasks))
            for name, (_, after) in self._tasks.items()
        }
        ordered: list[str] = []
        while len(ordered) < len(needs):
            ready = [
                name
                for name, after in needs.items()
                if name not in ordered and all(each in ordered for each in after)
            ]
            if not ready:
                circle = ", ".join(name for name in needs if name not in ordered)
                raise HarnessError(f"steps wait for each other: {circle}")
            ordered += ready
        return Plan(tuple(Task(self._tasks[name][0], needs[name]) for name in ordered))


def _bench(order: _Order, topology: Topology, cluster: Cluster, pool: AddressRange | None) -> None:
    name = cluster.name
    neighbours = topology.neighbours(name)
    if neighbours:
        created = [CreateCluster(each.name) for each in (cluster, *neighbours)]
        order.add(RouteToNeighbours(name), *created)
    if pool:
        order.add(InstallLoadBalancer(name), CreateCluster(name))
        order.add(ProvidePool(name, pool), InstallLoadBalancer(name))


def _primary(
    order: _Order, topology: Topology, cluster: Cluster, pool: AddressRange | None
) -> None:
    name = cluster.name
    order.add(InstallPrimary(name), PrepareSystemNamespace(name), PlaceCertificates(name))
    if topology.root is Root.SHARED:
        order.add(PlaceCertificates(name), PrepareSystemNamespace(name))
    if topology.has_gateway(name):
        given = [ProvidePool(name, pool)] if pool else []
        order.add(AwaitGatewayAddress(name), InstallPrimary(name), *given)
    if topology.exposes_istiod(name):
        order.add(ExposeIstiod(name), InstallPrimary(name))
    if topology.exposes_services(name):
        order.add(ExposeServices(name), InstallPrimary(name))


def _remote(
    order: _Order, topology: Topology, cluster: Cluster, *, address_is_planned: bool
) -> None:
    name, primary = cluster.name, cluster.primary
    needs: list[Step] = [PrepareSystemNamespace(name)]
    if not address_is_planned:
        needs.append(AwaitGatewayAddress(primary))
    order.add(InstallRemote(name), *needs)
    order.add(AwaitAdoption(name), InstallPrimary(primary), AttachCluster(primary, name))
    if topology.exposes_services(name):
        # its pod is `image: auto`: it needs the injector, so the remote must be adopted first
        reached = (AwaitAdoption(name), ExposeIstiod(primary), AwaitGatewayAddress(primary))
        order.add(InstallGateway(name), *reached)
        order.add(AwaitGatewayAddress(name), InstallGateway(name))


def _attachments(order: _Order, topology: Topology, primary: Cluster) -> None:
    watched = topology.watched_by(primary.name)
    for other in watched:
        installed = InstallRemote(other.name) if other.is_remote else InstallPrimary(other.name)
        order.add(
            AttachCluster(primary.name, other.name),
            PrepareSystemNamespace(primary.name),
            installed,
        )
    if watched:
        attached = [AttachCluster(primary.name, other.name) for other in watched]
        order.add(AwaitSync(primary.name), InstallPrimary(primary.name), *attached)


def _furnish(order: _Order, cluster: Cluster) -> None:
    needs: list[Step] = [PrepareWorkloads(cluster.name), RouteToNeighbours(cluster.name)]
    if cluster.is_primary:
        needs.append(InstallPrimary(cluster.name))
    else:
        primary = cluster.primary
        needs += [AwaitAdoption(cluster.name), ExposeIstiod(primary), AwaitGatewayAddress(primary)]
    order.add(DeployWorkloads(cluster.name), *needs)


def _global_names(order: _Order, topology: Topology, cluster: Cluster) -> None:
    name = cluster.name
    others = [AwaitGatewayAddress(each.name) for each in topology.clusters]
    entries: list[Step] = [CallGlobalNames(name)]
    order.add(CallGlobalNames(name), InstallPrimary(name), PrepareWorkloads(name), *others)
    if topology.global_form is GlobalForm.TWIN:
        order.add(ServeGlobalNames(name), InstallPrimary(name), PrepareWorkloads(name))
        entries.append(ServeGlobalNames(name))
    if topology.resolver is Resolver.STUB:
        order.add(QuickenReload(name), CreateCluster(name))
        order.add(DeployResolver(name), *entries)
        order.add(StubDomain(name), DeployResolver(name), QuickenReload(name))
