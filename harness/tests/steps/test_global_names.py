from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from harness.addresses import AddressRange
from harness.errors import NotYet
from harness.steps.global_names import CallGlobalNames, ServeGlobalNames, global_name
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import multi_primary_two_networks
from harness.topology import Discovery, GlobalForm, Topology

POOLS = {
    "east": AddressRange.parse("172.18.255.239-172.18.255.254"),
    "west": AddressRange.parse("172.18.255.223-172.18.255.238"),
}
HOST = "httpbin.bar.global"


def replicated(form: GlobalForm = GlobalForm.TWIN) -> Topology:
    """Return two control planes joined by global names."""
    return multi_primary_two_networks(discovery=Discovery.GLOBAL_NAMES, global_form=form)


def entry(fake: FakeMesh, namespace: str, kind: str = "ServiceEntry") -> Any:
    """Return the spec of what east holds of httpbin's global name."""
    held = fake.kubes["east"].get(kind, "httpbin-global", namespace)
    return held["spec"] if held else None


def test_the_name_is_that_of_the_servers_namespace() -> None:
    """name.namespace.global, as the document has it."""
    assert HOST == global_name(replicated())


def test_clients_are_led_to_the_other_clusters_gateways() -> None:
    """By mutual TLS, through 15443, to the gateways that are not the client's own."""
    fake = fake_mesh(replicated(), pools=POOLS)

    CallGlobalNames("east")(fake.mesh)

    spec = entry(fake, "foo")
    assert [HOST] == spec["hosts"]
    assert [("172.18.255.223", {"http": 15443}, {"security.istio.io/tlsMode": "istio"})] == [
        (each["address"], each["ports"], each["labels"]) for each in spec["endpoints"]
    ]
    assert [("http", 8000, "HTTP")] == [
        (each["name"], each["number"], each["protocol"]) for each in spec["ports"]
    ]
    assert ("STATIC", "MESH_INTERNAL") == (spec["resolution"], spec["location"])


def test_a_global_name_has_an_address_that_nobody_routes() -> None:
    """One address of the reserved range, by which sidecars know the name."""
    fake = fake_mesh(replicated(), pools=POOLS)

    CallGlobalNames("east")(fake.mesh)

    (address,) = entry(fake, "foo")["addresses"]
    assert IPv4Address(address) in IPv4Network("240.0.0.0/4")


def test_a_gateway_whose_address_was_not_planned_is_asked() -> None:
    """Where load balancers are not ours, the other gateway's Service tells its address."""
    fake = fake_mesh(replicated())
    with pytest.raises(NotYet):
        CallGlobalNames("east")(fake.mesh)
    status = {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}
    fake.kubes["west"].hold("Service", "istio-eastwestgateway", "istio-system", status=status)

    CallGlobalNames("east")(fake.mesh)

    assert ["192.0.2.7"] == [each["address"] for each in entry(fake, "foo")["endpoints"]]


def test_entries_are_seen_only_where_they_are_meant() -> None:
    """A cluster may call and serve the same name: clients see one entry, the gateway the other."""
    fake = fake_mesh(replicated(), pools=POOLS)

    CallGlobalNames("east")(fake.mesh)
    ServeGlobalNames("east")(fake.mesh)

    assert ["."] == entry(fake, "foo")["exportTo"]
    assert ["istio-system"] == entry(fake, "bar")["exportTo"]


def test_a_twin_leads_to_the_clusters_own_pods() -> None:
    """The same host, over the pods of httpbin, on the port they listen on."""
    fake = fake_mesh(replicated(), pools=POOLS)

    ServeGlobalNames("east")(fake.mesh)

    spec = entry(fake, "bar")
    assert [HOST] == spec["hosts"]
    assert {"labels": {"app": "httpbin"}} == spec["workloadSelector"]
    assert [(8000, 8080)] == [(each["number"], each["targetPort"]) for each in spec["ports"]]


def test_the_rewriting_form_asks_for_the_internal_name() -> None:
    """The client's rule names by SNI what the serving cluster exposes anyway; a twin does not."""
    twin = fake_mesh(replicated(), pools=POOLS)
    rewriting = fake_mesh(replicated(GlobalForm.REWRITE), pools=POOLS)

    CallGlobalNames("east")(twin.mesh)
    CallGlobalNames("east")(rewriting.mesh)

    assert entry(twin, "foo", "DestinationRule") is None
    rule = entry(rewriting, "foo", "DestinationRule")
    assert HOST == rule["host"]
    assert {
        "mode": "ISTIO_MUTUAL",
        "sni": "outbound_.8000_._.httpbin.bar.svc.cluster.local",
    } == rule["trafficPolicy"]["tls"]
