from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any

from hypothesis import given, strategies
import pytest

from harness import operators
from harness.errors import UsageError
from harness.settings import Images, Settings, Versions
from harness.tests.topologies import (
    mixed,
    multi_primary,
    multi_primary_two_networks,
    primary_remote,
    primary_remote_two_networks,
)
from harness.topology import Resolver, Spelling, Topology

ADDRESS = IPv4Address("172.18.255.239")
SETTINGS = Settings(images=Images(istio_hub="example.test/istio", istio_tag="9.9.9"))


def primary(
    topology: Topology,
    name: str = "east",
    *,
    address: IPv4Address | None = ADDRESS,
    settings: Settings = SETTINGS,
) -> dict[str, Any]:
    """Return a primary's IstioOperator."""
    return operators.primary(topology, settings, topology[name], address)


def remote(topology: Topology, settings: Settings = SETTINGS) -> dict[str, Any]:
    """Return the IstioOperator of the remote `west`."""
    return operators.remote(topology, settings, topology["west"], "172.18.255.239")


def gateway(topology: Topology, *, address: IPv4Address | None = ADDRESS) -> dict[str, Any]:
    """Return the IstioOperator of the gateway of `west`."""
    return operators.gateway(topology, SETTINGS, topology["west"], address)


def at(tree: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path, None where there is nothing."""
    for key in path.split("."):
        tree = tree.get(key, {})
    return tree or None


def enabled(operator: Mapping[str, Any]) -> list[str]:
    """Return the gateways that are installed."""
    return [
        each["name"] for each in at(operator, "spec.components.ingressGateways") if each["enabled"]
    ]


# merge

trees = strategies.recursive(
    strategies.integers() | strategies.booleans() | strategies.text(max_size=3),
    lambda inner: strategies.dictionaries(strategies.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
mappings = strategies.dictionaries(strategies.sampled_from("abcd"), trees, max_size=4)


def test_later_layers_lie_over_earlier_ones() -> None:
    """A later value wins, mappings within are merged, what only one layer has stays."""
    below = {"a": 1, "b": {"c": 2, "d": 3}, "e": {"f": 4}}
    above = {"a": 5, "b": {"d": 6, "g": 7}, "e": 8}

    assert {"a": 5, "b": {"c": 2, "d": 6, "g": 7}, "e": 8} == operators.merge(below, above)


def test_a_mapping_over_a_plain_value_replaces_it() -> None:
    """What is no mapping cannot be merged."""
    assert {"a": {"b": 1}} == operators.merge({"a": 1}, {"a": {"b": 1}})


@given(mappings)
def test_nothing_merged_changes_nothing(layer: dict[str, Any]) -> None:
    """The empty mapping is neutral on both sides, and a layer over itself is itself."""
    assert layer == operators.merge(layer, {}) == operators.merge({}, layer)
    assert layer == operators.merge(layer, layer)


@given(mappings, mappings, mappings)
def test_layers_may_be_merged_in_groups(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    """Merging three at once is merging the third over the first two."""
    assert operators.merge(one, two, three) == operators.merge(operators.merge(one, two), three)


@given(mappings, mappings)
def test_merging_leaves_its_layers_alone(one: dict[str, Any], two: dict[str, Any]) -> None:
    """The layers are values: none is changed by being merged."""
    before = repr((one, two))

    operators.merge(one, two)

    assert before == repr((one, two))


# a primary


def test_a_primary_knows_mesh_cluster_and_network() -> None:
    """The three names by which istiod tells clusters apart are those of the topology."""
    operator = primary(mixed(), "north")

    assert ("install.istio.io/v1alpha1", "IstioOperator") == (
        operator["apiVersion"],
        operator["kind"],
    )
    assert "mesh1" == at(operator, "spec.values.global.meshID")
    assert "north" == at(operator, "spec.values.global.multiCluster.clusterName")
    assert "network2" == at(operator, "spec.values.global.network")


def test_images_are_those_of_the_settings() -> None:
    """Hub and tag come from the engine; what is loaded into the node is not pulled again."""
    for operator in (primary(mixed()), remote(mixed()), gateway(mixed())):
        images = at(operator, "spec.values.global")
        assert ("example.test/istio", "9.9.9", "IfNotPresent") == (
            images["hub"],
            images["tag"],
            images["imagePullPolicy"],
        )


def test_only_a_primary_with_remotes_is_told_to_serve_them() -> None:
    """EXTERNAL_ISTIOD stands where there is a remote, and nowhere else."""
    switch = "spec.values.pilot.env.EXTERNAL_ISTIOD"

    assert "true" == at(primary(mixed(), "east"), switch)
    assert at(primary(mixed(), "north"), switch) is None
    assert at(primary(multi_primary()), switch) is None


def test_istiod_and_gateways_are_looked_at_every_second() -> None:
    """The charts' own pace would cost up to 3 s for istiod and up to 15 s for a gateway."""
    components = at(primary(primary_remote()), "spec.components")

    (gateway,) = [each for each in components["ingressGateways"] if each["enabled"]]
    for component in (components["pilot"], gateway):
        assert 1 == component["k8s"]["readinessProbe"]["periodSeconds"]


@pytest.mark.parametrize(
    ("spelling", "environment", "value"),
    [
        (Spelling.ENVIRONMENT, "true", None),
        (Spelling.VALUE, None, True),
        (Spelling.REMOTE_VALUES, "true", None),
    ],
)
def test_a_primary_is_spelled_as_the_document_says(
    spelling: Spelling, environment: str | None, value: bool | None
) -> None:
    """The environment variable or the value, as spelled, and never both."""
    operator = primary(primary_remote(spelling=spelling))

    assert environment == at(operator, "spec.values.pilot.env.EXTERNAL_ISTIOD")
    assert value == at(operator, "spec.values.global.externalIstiod")


@pytest.mark.parametrize(
    ("expected", "topology", "name"),
    [
        (["istio-eastwestgateway"], primary_remote(), "east"),
        ([], multi_primary(), "east"),
        (["istio-eastwestgateway"], multi_primary_two_networks(), "west"),
        ([], multi_primary(), "west"),
    ],
    ids=["serves-a-remote", "one-network", "two-networks", "one-network-west"],
)
def test_a_primary_has_a_gateway_where_the_topology_wants_one(
    expected: list[str], topology: Topology, name: str
) -> None:
    """The east-west gateway comes with istiod; the default ingress gateway never does."""
    assert expected == enabled(primary(topology, name))


def test_proxies_resolve_names_only_where_the_topology_says_so() -> None:
    """Istio's DNS proxy is switched on by resolver: proxy and by nothing else."""
    capture = "spec.meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE"

    assert "true" == at(primary(multi_primary(resolver=Resolver.PROXY)), capture)
    assert at(primary(multi_primary(resolver=Resolver.STUB)), capture) is None
    assert at(primary(multi_primary()), capture) is None


def test_upstream_envoy_is_not_given_what_it_lacks() -> None:
    """With upstream Envoy, Istio's own extensions are switched off; with Istio's they stay."""
    upstream = primary(primary_remote(), settings=Settings(upstream_envoy=True))
    own = primary(primary_remote(), settings=Settings(upstream_envoy=False))

    assert at(upstream, "spec.values.telemetry") == {"enabled": False}
    environment = at(upstream, "spec.values.pilot.env")
    assert {
        "PILOT_ENABLE_METADATA_EXCHANGE": "false",
        "PILOT_ENABLE_ALPN_FILTER": "false",
        "EXTERNAL_ISTIOD": "true",
    }.items() <= environment.items()
    assert at(own, "spec.values.telemetry") is None
    assert {"EXTERNAL_ISTIOD": "true"} == at(own, "spec.values.pilot.env")


def test_the_revision_of_the_topology_is_the_control_planes() -> None:
    """With a revision all three files name it; without, none has the key."""
    for make in (primary, remote, gateway):
        assert "rev" == make(primary_remote_two_networks(revision="rev"))["spec"]["revision"]
        assert "revision" not in make(primary_remote_two_networks())["spec"]


# a remote


def test_a_remote_is_served_from_its_primarys_gateway() -> None:
    """The remote profile, and the gateway's address as the place of its istiod."""
    operator = remote(primary_remote())

    assert "remote" == at(operator, "spec.profile")
    assert "172.18.255.239" == at(operator, "spec.values.global.remotePilotAddress")
    assert at(operator, "spec.components") is None


@pytest.mark.parametrize("spelling", Spelling)
def test_a_remote_tells_its_name_by_the_injection_path(spelling: Spelling) -> None:
    """The injector's path names cluster and network, in whichever spelling."""
    operator = remote(primary_remote_two_networks(spelling=spelling))

    assert "/inject/cluster/west/net/network2" == at(
        operator, "spec.values.istiodRemote.injectionPath"
    )


@pytest.mark.parametrize("spelling", [Spelling.ENVIRONMENT, Spelling.VALUE])
def test_a_remotes_values_leave_its_name_out(spelling: Spelling) -> None:
    """Where the document has the injection path, that is all that tells."""
    operator = remote(primary_remote_two_networks(spelling=spelling))

    assert at(operator, "spec.values.global.multiCluster") is None


def test_a_remote_tells_its_name_by_values_too_where_the_document_does() -> None:
    """meshID, clusterName and network are said beside the injection path."""
    operator = remote(primary_remote_two_networks(spelling=Spelling.REMOTE_VALUES))

    told = at(operator, "spec.values.global")
    assert ("mesh1", {"clusterName": "west"}, "network2") == (
        told["meshID"],
        told["multiCluster"],
        told["network"],
    )


# a gateway


def test_a_gateway_alone_installs_nothing_else() -> None:
    """The empty profile with one component, under a name of its own."""
    operator = gateway(primary_remote_two_networks())

    assert "empty" == at(operator, "spec.profile")
    assert ["istio-eastwestgateway"] == enabled(operator)
    assert {"name": "eastwest"} == operator["metadata"]
    assert "network2" == at(operator, "spec.values.global.network")


def test_a_gateway_is_filled_in_by_the_gateway_template() -> None:
    """Every file with a gateway asks for its injection as a gateway, not as a sidecar."""
    template = "spec.values.gateways.istio-ingressgateway.injectionTemplate"

    assert "gateway" == at(gateway(mixed()), template)
    assert "gateway" == at(primary(mixed()), template)


def component(topology: Topology, address: IPv4Address | None = ADDRESS) -> dict[str, Any]:
    """Return the gateway of `west` as a component."""
    return operators.gateway_component(topology, topology["west"], address)


def test_a_gateway_stands_for_its_network() -> None:
    """Label and requested view name the cluster's network; the selector's label is there."""
    gateway = component(primary_remote_two_networks())

    assert {
        "istio": "eastwestgateway",
        "app": "istio-eastwestgateway",
        "topology.istio.io/network": "network2",
    } == gateway["label"]
    assert [{"name": "ISTIO_META_REQUESTED_NETWORK_VIEW", "value": "network2"}] == gateway["k8s"][
        "env"
    ]


def test_a_gateway_of_a_revision_is_labelled_with_it() -> None:
    """Without the label the gateway's pod would be filled in by no injector."""
    assert "rev" == component(mixed(revision="rev"))["label"]["istio.io/rev"]


def test_a_gateway_serves_every_port_that_anyone_needs() -> None:
    """Health, services, istiod and webhook: each port leads to the same port of the pod."""
    ports = component(mixed())["k8s"]["service"]["ports"]

    assert {
        "status-port": (15021, 15021),
        "tls": (15443, 15443),
        "tls-istiod": (15012, 15012),
        "tls-webhook": (15017, 15017),
    } == {each["name"]: (each["port"], each["targetPort"]) for each in ports}


def test_a_gateway_asks_for_the_planned_address() -> None:
    """The address is asked of MetalLB, and of nobody where none was planned."""
    assert {"metallb.io/loadBalancerIPs": "172.18.255.239"} == component(mixed())["k8s"][
        "serviceAnnotations"
    ]
    assert "serviceAnnotations" not in component(mixed(), None)["k8s"]


# versions


@pytest.mark.parametrize(
    ("spelling", "too_old", "enough"),
    [
        (Spelling.VALUE, "1.23.9", "1.24.0"),
        (Spelling.ENVIRONMENT, "1.9.5", "1.10.0"),
        (Spelling.REMOTE_VALUES, "1.9.5", "1.10.0"),
    ],
)
def test_a_spelling_that_the_version_ignores_is_refused(
    spelling: Spelling, too_old: str, enough: str
) -> None:
    """A primary that would silently never adopt its remotes is a usage error with the way out."""
    topology = primary_remote(spelling=spelling)

    assert operators.spelled(topology, Settings(versions=Versions(istio=enough)))
    with pytest.raises(
        UsageError, match=f"{too_old}: it is read from {enough[:-2]} on; use `spelling: "
    ):
        operators.spelled(topology, Settings(versions=Versions(istio=too_old)))


def test_a_spelling_matters_only_to_remotes() -> None:
    """A topology without any is the same in every version, however it is spelled."""
    assert not operators.ignored(multi_primary(), "1.9.5")
    assert operators.ignored(primary_remote(), "1.9.5")
    assert not operators.ignored(primary_remote(), "1.32.0-rc.1")


def test_every_spelling_is_in_the_table() -> None:
    """A spelling that a file may name can be written."""
    assert set(Spelling) == set(operators.SPELLINGS)


def test_files_do_not_share_what_they_are_made_of() -> None:
    """Changing one file's values leaves the next one's as they should be."""
    spoiled = primary(mixed())
    at(spoiled, "spec.values.global.proxy.resources.requests")["cpu"] = "99"

    assert "10m" == at(primary(mixed()), "spec.values.global.proxy.resources.requests")["cpu"]
