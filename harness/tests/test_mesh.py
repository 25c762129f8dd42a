from ipaddress import IPv4Address

from harness.addresses import AddressRange
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import primary_remote


def test_a_mesh_leads_into_each_of_its_clusters() -> None:
    """API, node, istioctl and the address for others are those of the cluster that is named."""
    fake = fake_mesh(primary_remote())
    mesh = fake.mesh

    assert fake.kubes["west"] is mesh.kube("west")
    assert fake.nodes["west"] is mesh.node("west")
    assert fake.istioctls["west"] is mesh.istioctl("west")
    assert "https://172.18.0.3:6443" == mesh.api_server("west")


def test_a_gateway_is_planned_to_have_its_pools_first_address() -> None:
    """Without a pool nothing is planned: the address is known once the gateway has it."""
    pool = AddressRange.parse("172.18.255.239-172.18.255.254")
    mesh = fake_mesh(primary_remote(), pools={"east": pool}).mesh

    assert IPv4Address("172.18.255.239") == mesh.planned_gateway("east")
    assert mesh.planned_gateway("west") is None
