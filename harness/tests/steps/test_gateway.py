from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from harness import operators
from harness.addresses import AddressRange
from harness.errors import NotYet, UsageError
from harness.settings import Settings
from harness.steps.gateway import (
    AwaitGatewayAddress,
    ExposeIstiod,
    ExposeServices,
    InstallGateway,
    exposed_istiod,
    exposed_services,
    gateway_address,
)
from harness.steps.remote import InstallRemote
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import multi_primary_two_networks, primary_remote
from harness.topology import Discovery, GlobalForm, Topology

POOL = AddressRange.parse("172.18.255.239-172.18.255.254")


def with_service(
    *ingress: dict[str, str], planned: bool = True, form: Topology | None = None
) -> FakeMesh:
    """Return a mesh whose east has a gateway that its load balancer gave this."""
    fake = fake_mesh(form or primary_remote(), pools={"east": POOL} if planned else {})
    fake.kubes["east"].hold(
        "Service",
        "istio-eastwestgateway",
        "istio-system",
        status={"loadBalancer": {"ingress": list(ingress)} if ingress else {}},
    )
    return fake


def test_a_gateways_address_is_its_load_balancers() -> None:
    """The first address of the Service's load balancer is the gateway's."""
    assert "172.18.255.239" == gateway_address(with_service({"ip": "172.18.255.239"}).mesh, "east")


@pytest.mark.parametrize(
    ("fake", "seen"),
    [
        (fake_mesh(primary_remote()), "Service istio-eastwestgateway is not there"),
        (with_service(), "EXTERNAL-IP is pending"),
    ],
    ids=["no-service", "pending"],
)
def test_a_gateway_without_an_address_is_not_yet(fake: FakeMesh, seen: str) -> None:
    """What is there instead of an address is told."""
    with pytest.raises(NotYet, match=seen):
        gateway_address(fake.mesh, "east")


def test_a_host_name_as_address_is_refused() -> None:
    """A load balancer that gives names cannot serve remotes; the refusal says what to do."""
    fake = with_service({"hostname": "lb.example.test"})

    with pytest.raises(UsageError, match=r"^east: .*lb\.example\.test.*--resolve-gateway"):
        AwaitGatewayAddress("east")(fake.mesh)


@pytest.mark.parametrize(
    ("given", "planned", "seen"),
    [
        ("172.18.255.239", True, ""),
        ("172.18.255.240", False, ""),
        (
            "172.18.255.240",
            True,
            "east: its gateway has an address: it has 172.18.255.240, 172.18.255.239 was planned",
        ),
    ],
    ids=["as-planned", "nothing-planned", "another"],
)
def test_the_planned_address_is_awaited(given: str, planned: bool, seen: str) -> None:
    """An address that was planned must be the one; where none was, any will do."""
    fake = with_service({"ip": given}, planned=planned)

    assert seen == first_look(lambda: AwaitGatewayAddress("east")(fake.mesh))


def test_a_gateway_alone_is_installed_by_istioctl() -> None:
    """The remote's cluster is given the gateway's own file, with the planned address."""
    fake = fake_mesh(primary_remote(), pools={"west": POOL})
    mesh = fake.mesh

    InstallGateway("west")(mesh)

    assert [
        operators.gateway(
            mesh.topology, mesh.settings, mesh.topology["west"], IPv4Address("172.18.255.239")
        )
    ] == fake.istioctls["west"].installed


def test_istiod_is_exposed_on_both_ports() -> None:
    """TLS passes through on 15012 to istiod and on 15017 to its webhook, whatever the name."""
    gateway, service = exposed_istiod("")

    assert {15012: ("TLS", "PASSTHROUGH", ["*"]), 15017: ("TLS", "PASSTHROUGH", ["*"])} == {
        each["port"]["number"]: (each["port"]["protocol"], each["tls"]["mode"], each["hosts"])
        for each in gateway["spec"]["servers"]
    }
    istiod = "istiod.istio-system.svc.cluster.local"
    assert {15012: (istiod, 15012), 15017: (istiod, 443)} == routes_of(service)
    assert {"istio": "eastwestgateway"} == gateway["spec"]["selector"]
    assert [gateway["metadata"]["name"]] == service["spec"]["gateways"]


def routes_of(service: Any) -> dict[int, tuple[str, int]]:
    """Return where each port of a VirtualService leads."""
    return {
        rule["match"][0]["port"]: (
            rule["route"][0]["destination"]["host"],
            rule["route"][0]["destination"]["port"]["number"],
        )
        for rule in service["spec"]["tls"]
    }


def test_a_revisions_istiod_is_exposed_under_its_own_name() -> None:
    """Only the revision's names are let through, and they lead to its Service."""
    gateway, service = exposed_istiod("rev")

    hosts = ["istiod-rev.istio-system.svc", "istiod-rev.istio-system.svc.cluster.local"]
    assert [hosts, hosts] == [each["hosts"] for each in gateway["spec"]["servers"]]
    assert hosts == service["spec"]["hosts"]
    assert [hosts, hosts] == [rule["match"][0]["sniHosts"] for rule in service["spec"]["tls"]]
    assert {hosts[1]} == {host for host, _ in routes_of(service).values()}


@pytest.mark.parametrize(
    ("host", "topology"),
    [
        ("*.local", multi_primary_two_networks()),
        ("*.global", multi_primary_two_networks(discovery=Discovery.GLOBAL_NAMES)),
        (
            "*.local",
            multi_primary_two_networks(
                discovery=Discovery.GLOBAL_NAMES, global_form=GlobalForm.REWRITE
            ),
        ),
    ],
    ids=["remote-secrets", "global-twin", "global-rewrite"],
)
def test_services_are_exposed_by_the_names_that_clients_ask_for(
    host: str, topology: Topology
) -> None:
    """Mutual TLS on 15443 is passed on by SNI, for the names of the topology's discovery."""
    (server,) = exposed_services(topology)["spec"]["servers"]

    assert (15443, "TLS", "AUTO_PASSTHROUGH", [host]) == (
        server["port"]["number"],
        server["port"]["protocol"],
        server["tls"]["mode"],
        server["hosts"],
    )


def test_what_is_exposed_is_applied_in_the_cluster() -> None:
    """Gateways and routes lie in istio-system of the step's cluster."""
    fake = fake_mesh(primary_remote(revision="rev"))

    ExposeIstiod("east")(fake.mesh)
    ExposeServices("east")(fake.mesh)

    assert [
        ("apply", "Gateway", "istio-system", "istiod-gateway"),
        ("apply", "VirtualService", "istio-system", "istiod-vs"),
        ("apply", "Gateway", "istio-system", "cross-network-gateway"),
    ] == fake.kubes["east"].calls
    route = fake.kubes["east"].get("VirtualService", "istiod-vs", "istio-system")
    assert exposed_istiod("rev")[1] == route
    assert [] == fake.kubes["west"].calls


def test_a_host_name_is_refused_before_the_remote_is_installed() -> None:
    """Nothing of the remote is there yet when its primary's gateway turns out to be a name."""
    fake = with_service({"hostname": "lb.example.test"}, planned=False)

    with pytest.raises(UsageError, match="resolve-gateway"):
        InstallRemote("west")(fake.mesh)

    assert [] == fake.istioctls["west"].installed


def test_a_host_name_is_looked_up_where_nobody_is_remote() -> None:
    """The gateway of a primary without remotes may have a name: its istiod looks it up, too."""
    fake = with_service({"hostname": "localhost"}, form=multi_primary_two_networks(), planned=False)

    assert "127.0.0.1" == gateway_address(fake.mesh, "east")


def test_a_host_name_is_looked_up_where_that_is_wanted() -> None:
    """The remote gets the address; a name that nobody knows is not there yet."""
    known, unknown = ({"hostname": name} for name in ("localhost", "nowhere.invalid"))
    wanted = Settings(resolve_gateway=True)

    found = replace(with_service(known, planned=False).mesh, settings=wanted)
    lost = replace(with_service(unknown, planned=False).mesh, settings=wanted)

    assert gateway_address(found, "east") == "127.0.0.1"
    with pytest.raises(NotYet, match=r"nowhere\.invalid has no address"):
        gateway_address(lost, "east")
