from collections.abc import Mapping

from hypothesis import given, strategies
import pytest

from harness.addresses import AddressRange
from harness.graph import Plan
from harness.mesh import Layer, Step
from harness.plan import plan
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
from harness.tests.fakes import FakeBenchStep
from harness.tests.topologies import (
    FORMS,
    any_topology,
    mixed,
    multi_primary,
    multi_primary_two_networks,
    primary_remote,
    primary_remote_two_networks,
)
from harness.topology import Discovery, GlobalForm, Resolver, Root, Topology

Pools = Mapping[str, AddressRange]


def pools_of(*clusters: str) -> Pools:
    """Return load-balancer addresses for these clusters."""
    return {
        name: AddressRange.parse(f"172.18.255.{number}0-172.18.255.{number}9")
        for number, name in enumerate(clusters, 1)
    }


def full(topology: Topology) -> Plan:
    """Return the plan in which every address is ours to give."""
    return plan(topology, pools_of(*topology.names))


@strategies.composite
def any_plan(draw: strategies.DrawFn) -> tuple[Topology, Pools, Plan]:
    """Return any topology, addresses for some of its clusters, and the plan of both."""
    topology = draw(any_topology())
    given_to = draw(strategies.sets(strategies.sampled_from(topology.names)))
    pools = pools_of(*sorted(given_to))
    return topology, pools, plan(topology, pools, makes_clusters=draw(strategies.booleans()))


def names(of: Plan) -> set[str]:
    """Return the sentences of all steps."""
    return {task.name for task in of.tasks}


def before(of: Plan, step: Step) -> set[str]:
    """Return the sentences of all steps that have ended before this one begins."""
    after = {task.name: task.after for task in of.tasks}
    found: set[str] = set()
    pending = [str(step)]
    while pending:
        for name in after[pending.pop()]:
            if name not in found:
                found.add(name)
                pending.append(name)
    return found


def waits(of: Plan, step: Step, *for_them: Step) -> bool:
    """Whether the step begins only after all of these."""
    return {str(each) for each in for_them} <= before(of, step)


@given(any_plan())
def test_no_step_waits_for_itself(made: tuple[Topology, Pools, Plan]) -> None:
    """Every step stands after all that it needs: whatever the topology, the plan has an end."""
    _, _, of = made
    done: set[str] = set()
    for task in of.tasks:
        assert set(task.after) <= done
        done.add(task.name)


@given(any_plan())
def test_every_step_is_told_apart_by_its_sentence(made: tuple[Topology, Pools, Plan]) -> None:
    """No two steps of a plan share a sentence, and none is listed twice as needed."""
    _, _, of = made

    assert len(of.tasks) == len(names(of))
    assert [] == [task.name for task in of.tasks if len(set(task.after)) < len(task.after)]


@given(any_plan())
def test_steps_change_clusters_of_the_topology(made: tuple[Topology, Pools, Plan]) -> None:
    """Every cluster is worked on, and no other."""
    topology, _, of = made

    assert set(topology.names) == {task.step.cluster for task in of.tasks}


@given(any_plan())
def test_equal_topologies_have_equal_plans(made: tuple[Topology, Pools, Plan]) -> None:
    """A plan is a value: made again it is the same, in the same order."""
    topology, pools, of = made
    makes_clusters = str(CreateCluster(topology.names[0])) in names(of)

    assert of == plan(topology, pools, makes_clusters=makes_clusters)


@given(any_topology())
def test_nothing_is_done_to_a_cluster_before_it_is_there(topology: Topology) -> None:
    """Each cluster is created first; clusters wait for nobody."""
    of = full(topology)

    created = {str(CreateCluster(name)) for name in topology.names}
    assert [] == [
        task.name
        for task in of.tasks
        if task.name not in created and not waits(of, task.step, CreateCluster(task.step.cluster))
    ]
    assert created == {task.name for task in of.tasks if not task.after}


@given(any_topology())
def test_clusters_that_users_bring_are_not_created(topology: Topology) -> None:
    """Where clusters are not ours to make, none is created or routed; all else is the same."""
    theirs = plan(topology, {}, makes_clusters=False)
    ours = plan(topology, {})

    bench = {
        str(step(name)) for name in topology.names for step in (CreateCluster, RouteToNeighbours)
    }
    assert names(ours) - bench == names(theirs)


@given(any_plan())
def test_load_balancers_are_furnished_only_where_addresses_are_ours(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """MetalLB is installed before it is given its pool, and only where there is a pool."""
    topology, pools, of = made

    assert set(pools) == {
        name for name in topology.names if str(InstallLoadBalancer(name)) in names(of)
    }
    for name, pool in pools.items():
        assert waits(of, ProvidePool(name, pool), InstallLoadBalancer(name))


@given(any_plan())
def test_every_cluster_has_its_own_kind_of_control_plane(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """Primaries get an istiod, remotes what leads to one, each into a prepared namespace."""
    topology, _, of = made

    for cluster in topology.clusters:
        primary, remote = InstallPrimary(cluster.name), InstallRemote(cluster.name)
        assert cluster.is_primary is (str(primary) in names(of))
        assert cluster.is_remote is (str(remote) in names(of))
        install: Step = primary if cluster.is_primary else remote
        assert waits(of, install, PrepareSystemNamespace(cluster.name))


@given(any_plan())
def test_a_remote_waits_for_its_primarys_address_only_where_it_is_unknown(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """A planned address lets the remote be installed beside its primary."""
    topology, pools, of = made

    for remote in topology.remotes:
        known = remote.primary in pools
        install = InstallRemote(remote.name)
        assert known is not waits(of, install, AwaitGatewayAddress(remote.primary))
        assert known is not waits(of, install, InstallPrimary(remote.primary))


@given(any_plan())
def test_a_remote_is_adopted_once_its_primary_may_read_it(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """Adoption is awaited after the remote's install, its attachment, and its primary's istiod."""
    topology, _, of = made

    for remote in topology.remotes:
        assert waits(
            of,
            AwaitAdoption(remote.name),
            InstallRemote(remote.name),
            AttachCluster(remote.primary, remote.name),
            InstallPrimary(remote.primary),
        )


@given(any_plan())
def test_exactly_the_watched_clusters_are_attached(made: tuple[Topology, Pools, Plan]) -> None:
    """Each primary gets a secret of each cluster that it watches, once that one is installed."""
    topology, _, of = made
    wanted = {
        AttachCluster(primary.name, other.name): other
        for primary in topology.primaries
        for other in topology.watched_by(primary.name)
    }

    assert {str(each) for each in wanted} == {
        task.name for task in of.tasks if isinstance(task.step, AttachCluster)
    }
    for attach, other in wanted.items():
        installed = InstallRemote(other.name) if other.is_remote else InstallPrimary(other.name)
        assert waits(of, attach, installed, PrepareSystemNamespace(attach.cluster))


@given(any_plan())
def test_a_primary_is_awaited_to_have_read_all_that_it_watches(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """The wait for synced clusters comes after istiod and all secrets, where there are any."""
    topology, _, of = made

    for primary in topology.primaries:
        watched = topology.watched_by(primary.name)
        assert bool(watched) is (str(AwaitSync(primary.name)) in names(of))
        attached = [AttachCluster(primary.name, other.name) for other in watched]
        if watched:
            assert waits(of, AwaitSync(primary.name), InstallPrimary(primary.name), *attached)


@given(any_plan())
def test_gateways_are_where_the_topology_wants_them(made: tuple[Topology, Pools, Plan]) -> None:
    """An address is awaited for each gateway; it comes with a primary, a remote's by itself."""
    topology, pools, of = made

    for cluster in topology.clusters:
        name, wanted = cluster.name, topology.has_gateway(cluster.name)
        awaited, alone = AwaitGatewayAddress(name), InstallGateway(name)
        assert wanted is (str(awaited) in names(of))
        assert (wanted and cluster.is_remote) is (str(alone) in names(of))
        if wanted:
            assert waits(of, awaited, InstallPrimary(name) if cluster.is_primary else alone)
        if wanted and cluster.is_primary and name in pools:
            assert waits(of, awaited, ProvidePool(name, pools[name]))


@given(any_plan())
def test_a_remotes_own_gateway_comes_after_its_adoption(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """Its pod is filled in by the primary's injector, which the primary's gateway carries."""
    topology, _, of = made

    for remote in topology.remotes:
        if topology.exposes_services(remote.name):
            assert waits(
                of,
                InstallGateway(remote.name),
                AwaitAdoption(remote.name),
                ExposeIstiod(remote.primary),
                AwaitGatewayAddress(remote.primary),
            )


@given(any_plan())
def test_what_gateways_carry_is_exposed_by_primaries(made: tuple[Topology, Pools, Plan]) -> None:
    """Configuration is read in primaries only: istiod for remotes, services across networks."""
    topology, _, of = made

    for cluster in topology.clusters:
        name = cluster.name
        istiod, services = ExposeIstiod(name), ExposeServices(name)
        assert topology.exposes_istiod(name) is (str(istiod) in names(of))
        exposes = cluster.is_primary and topology.crosses_networks
        assert exposes is (str(services) in names(of))
        for step in (istiod, services):
            assert str(step) not in names(of) or waits(of, step, InstallPrimary(name))


@given(any_plan())
def test_routes_are_laid_where_there_are_neighbours(made: tuple[Topology, Pools, Plan]) -> None:
    """A cluster of ours is routed once its neighbours are there, and workloads come after."""
    topology, _, of = made

    for name in topology.names:
        near = topology.neighbours(name)
        ours = str(CreateCluster(name)) in names(of)
        assert (ours and bool(near)) is (str(RouteToNeighbours(name)) in names(of))
        created = [CreateCluster(each.name) for each in near]
        if near and ours:
            assert waits(of, RouteToNeighbours(name), CreateCluster(name), *created)
            assert waits(of, DeployWorkloads(name), RouteToNeighbours(name))


@given(any_plan())
def test_workloads_come_once_they_can_be_injected(made: tuple[Topology, Pools, Plan]) -> None:
    """A primary's pods need its istiod, a remote's the way to its primary's."""
    topology, _, of = made

    for cluster in topology.clusters:
        deploy = DeployWorkloads(cluster.name)
        assert waits(of, deploy, PrepareWorkloads(cluster.name), InstallPrimary(cluster.primary))
        if cluster.is_remote:
            assert waits(
                of,
                deploy,
                AwaitAdoption(cluster.name),
                ExposeIstiod(cluster.primary),
                AwaitGatewayAddress(cluster.primary),
            )


@given(any_plan())
def test_a_shared_root_is_in_place_before_istiod_starts(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """Later it would not be read; only primaries sign, and only a shared root is placed."""
    topology, _, of = made

    for cluster in topology.clusters:
        place = PlaceCertificates(cluster.name)
        wanted = cluster.is_primary and topology.root is Root.SHARED
        assert wanted is (str(place) in names(of))
        if wanted:
            assert waits(of, place, PrepareSystemNamespace(cluster.name))
            assert waits(of, InstallPrimary(cluster.name), place)


@given(any_plan())
def test_global_names_are_declared_where_nobody_watches_anybody(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """Calls in every cluster once all gateways are known; twins where the form wants them."""
    topology, _, of = made
    declares = topology.discovery is Discovery.GLOBAL_NAMES

    for name in topology.names:
        call, serve = CallGlobalNames(name), ServeGlobalNames(name)
        assert declares is (str(call) in names(of))
        twin = declares and topology.global_form is GlobalForm.TWIN
        assert twin is (str(serve) in names(of))
        gateways = [
            AwaitGatewayAddress(each) for each in topology.names if topology.has_gateway(each)
        ]
        if declares:
            assert waits(of, call, PrepareWorkloads(name), *gateways)
        if twin:
            assert waits(of, serve, PrepareWorkloads(name))


@given(any_plan())
def test_a_stub_leads_to_a_resolver_that_knows_its_names(
    made: tuple[Topology, Pools, Plan],
) -> None:
    """The entries come first, then the resolver, then the stub in a DNS that reloads quickly."""
    topology, _, of = made
    stubs = topology.discovery is Discovery.GLOBAL_NAMES and topology.resolver is Resolver.STUB

    for name in topology.names:
        stub, resolver = StubDomain(name), DeployResolver(name)
        assert [stubs] * 2 == [str(each) in names(of) for each in (stub, resolver)]
        if stubs:
            assert waits(of, stub, resolver, QuickenReload(name))
            assert waits(of, resolver, CallGlobalNames(name))
            assert str(ServeGlobalNames(name)) not in names(of) or waits(
                of, resolver, ServeGlobalNames(name)
            )


@given(any_topology())
def test_what_is_done_beforehand_finds_clusters_furnished_and_nothing_of_a_mesh(
    topology: Topology,
) -> None:
    """It comes after clusters, routes, load balancer and DNS, and before every step of Istio."""
    pools = pools_of(*topology.names)
    looks = [FakeBenchStep(f"look at {name}", cluster=name) for name in topology.names]
    of = plan(topology, pools, beforehand=looks)

    for look in looks:
        name = look.cluster
        bench = (CreateCluster(name), RouteToNeighbours(name), QuickenReload(name))
        furnished = [each for each in bench if str(each) in names(of)]
        assert waits(of, look, *furnished, ProvidePool(name, pools[name]))
        later = [
            task.step
            for task in of.tasks
            if task.step.cluster == name and task.step.layer is Layer.MESH
        ]
        assert later
        assert all(waits(of, step, look) for step in later)


def test_what_needs_nothing_of_each_other_may_go_side_by_side() -> None:
    """Both clusters, MetalLB beside istiod, the remote beside its primary."""
    of = full(primary_remote())
    pools = pools_of("east", "west")

    assert not waits(of, CreateCluster("west"), CreateCluster("east"))
    assert not waits(of, InstallPrimary("east"), InstallLoadBalancer("east"))
    assert not waits(of, ProvidePool("east", pools["east"]), InstallPrimary("east"))
    assert not waits(of, InstallRemote("west"), InstallPrimary("east"))
    assert not waits(of, InstallPrimary("east"), CreateCluster("west"))
    assert not waits(of, DeployWorkloads("east"), AwaitAdoption("west"))


@pytest.mark.parametrize(
    ("topology", "gateways"),
    [
        (primary_remote(), {"east"}),
        (primary_remote_two_networks(), {"east", "west"}),
        (multi_primary(), set()),
        (multi_primary_two_networks(), {"east", "west"}),
        (mixed(), {"east", "west", "north"}),
    ],
    ids=lambda value: value.name if isinstance(value, Topology) else "",
)
def test_the_usual_forms_have_the_gateways_of_their_documents(
    topology: Topology, gateways: set[str]
) -> None:
    """Each document's form awaits exactly the gateways that it installs."""
    awaited = {
        task.step.cluster
        for task in full(topology).tasks
        if isinstance(task.step, AwaitGatewayAddress)
    }

    assert gateways == awaited


@pytest.mark.parametrize("form", FORMS)
def test_stages_hold_every_step_once_in_an_order_that_works(form: str) -> None:
    """Performed stage by stage, every step finds what it needs."""
    of = full(FORMS[form])
    done: set[str] = set()

    for stage in of.stages():
        assert stage
        assert [] == [task.name for task in stage if not set(task.after) <= done]
        done |= {task.name for task in stage}

    assert names(of) == done
