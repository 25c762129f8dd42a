"""From a topology to a graph of steps: the only place where order is decided.

A step waits for those it truly needs and for nothing else, so that all that may go side by side
does. The plan is a value: equal by content, printable, tested without a cluster.
"""

from collections.abc import Mapping, Sequence

from harness.addresses import AddressRange
from harness.graph import Order, Plan
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
from harness.steps.withdrawal import DeleteNamespaces, RemoveTraces, UninstallIstio
from harness.steps.workloads import DeployWorkloads, PrepareWorkloads
from harness.topology import Cluster, Discovery, GlobalForm, Resolver, Root, Topology


def plan(
    topology: Topology,
    pools: Mapping[str, AddressRange],
    *,
    makes_clusters: bool = True,
    beforehand: Sequence[Step] = (),
) -> Plan:
    """Return what brings the topology up.

    `pools` maps each cluster to its load-balancer addresses; a cluster without one has a load
    balancer already, and its gateway's address is only known once it has it. The steps of
    `beforehand` are done in a furnished cluster before anything of a mesh is in it.
    """
    order = Order()
    for cluster in topology.clusters:
        if makes_clusters:
            order.add(CreateCluster(cluster.name))
    for cluster in topology.clusters:
        _bench(order, topology, cluster, pools.get(cluster.name), makes_clusters=makes_clusters)
        name, pool = cluster.name, pools.get(cluster.name)
        first = [step for step in beforehand if step.cluster == name]
        for step in first:
            bench: list[Step] = [CreateCluster(name), RouteToNeighbours(name), QuickenReload(name)]
            order.add(step, *bench, *([ProvidePool(name, pool)] if pool else []))
        order.add(PrepareSystemNamespace(name), CreateCluster(name), *first)
        order.add(PrepareWorkloads(name), CreateCluster(name), *first)
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


def bench_plan(topology: Topology, pools: Mapping[str, AddressRange]) -> Plan:
    """Return what brings up the clusters alone, each with its load balancer."""
    order = Order()
    for cluster in topology.clusters:
        order.add(CreateCluster(cluster.name))
        _bench(order, topology, cluster, pools.get(cluster.name), makes_clusters=True)
    return order.plan()


def withdrawal(clusters: Sequence[str], *, traces: bool = True) -> Plan:
    """Return what takes the mesh away from these clusters, as the documents describe it.

    With `traces` what the documents leave behind goes, too.
    """
    order = Order()
    # an istiod that still runs somewhere would give its root to the namespaces of others again
    stopped = [UninstallIstio(name) for name in clusters]
    for name in clusters:
        order.add(UninstallIstio(name))
        if traces:
            order.add(RemoveTraces(name), *stopped)
        # what is ours is known by its namespace, so that goes last
        order.add(DeleteNamespaces(name), UninstallIstio(name), RemoveTraces(name))
    return order.plan()


def _bench(
    order: Order,
    topology: Topology,
    cluster: Cluster,
    pool: AddressRange | None,
    *,
    makes_clusters: bool,
) -> None:
    name = cluster.name
    neighbours = topology.neighbours(name)
    if neighbours and makes_clusters:
        created = [CreateCluster(each.name) for each in (cluster, *neighbours)]
        order.add(RouteToNeighbours(name), *created)
    if pool:
        order.add(InstallLoadBalancer(name), CreateCluster(name))
        order.add(ProvidePool(name, pool), InstallLoadBalancer(name))


def _primary(order: Order, topology: Topology, cluster: Cluster, pool: AddressRange | None) -> None:
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
    order: Order, topology: Topology, cluster: Cluster, *, address_is_planned: bool
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


def _attachments(order: Order, topology: Topology, primary: Cluster) -> None:
    watched = topology.watched_by(primary.name)
    before = topology.primaries[: topology.primaries.index(primary)]
    for other in watched:
        installed = InstallRemote(other.name) if other.is_remote else InstallPrimary(other.name)
        # two istioctls at once would both create the token of the other cluster's reader
        one_by_one = [AttachCluster(each.name, other.name) for each in before]
        order.add(
            AttachCluster(primary.name, other.name),
            PrepareSystemNamespace(primary.name),
            installed,
            *one_by_one,
        )
    if watched:
        attached = [AttachCluster(primary.name, other.name) for other in watched]
        order.add(AwaitSync(primary.name), InstallPrimary(primary.name), *attached)


def _furnish(order: Order, cluster: Cluster) -> None:
    needs: list[Step] = [PrepareWorkloads(cluster.name), RouteToNeighbours(cluster.name)]
    if cluster.is_primary:
        needs.append(InstallPrimary(cluster.name))
    else:
        primary = cluster.primary
        needs += [AwaitAdoption(cluster.name), ExposeIstiod(primary), AwaitGatewayAddress(primary)]
    order.add(DeployWorkloads(cluster.name), *needs)


def _global_names(order: Order, topology: Topology, cluster: Cluster) -> None:
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
