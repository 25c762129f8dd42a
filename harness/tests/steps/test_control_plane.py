from ipaddress import IPv4Address

from harness import operators
from harness.addresses import AddressRange
from harness.steps.control_plane import InstallPrimary, PrepareSystemNamespace, system_namespace
from harness.tests.fakes import fake_mesh
from harness.tests.topologies import mixed, primary_remote


def test_istio_system_is_labelled_with_its_network() -> None:
    """The label comes before Istio, which sets it only on a namespace that it makes itself."""
    assert {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "istio-system",
            "labels": {"topology.istio.io/network": "network2"},
        },
    } == system_namespace(mixed(), "north")


def test_a_remotes_istio_system_names_who_may_serve_it() -> None:
    """The annotation names the remote's primary; a primary has none."""
    metadata = system_namespace(mixed(), "west")["metadata"]

    assert {"topology.istio.io/controlPlaneClusters": "east"} == metadata["annotations"]
    assert "annotations" not in system_namespace(mixed(), "east")["metadata"]


def test_istio_system_is_prepared_in_its_own_cluster() -> None:
    """The namespace is applied to the step's cluster and to no other."""
    fake = fake_mesh(primary_remote())

    PrepareSystemNamespace("west")(fake.mesh)

    assert system_namespace(fake.mesh.topology, "west") == fake.kubes["west"].get(
        "Namespace", "istio-system"
    )
    assert [] == fake.kubes["east"].calls


def test_a_primary_is_installed_from_its_own_file() -> None:
    """The tool is given the primary's IstioOperator with the planned address of its gateway."""
    pool = AddressRange.parse("172.18.255.239-172.18.255.254")
    fake = fake_mesh(primary_remote(), pools={"east": pool})
    mesh = fake.mesh

    InstallPrimary("east")(mesh)

    address = IPv4Address("172.18.255.239")
    assert [
        operators.primary(mesh.topology, mesh.settings, mesh.topology["east"], address)
    ] == fake.istioctls["east"].installed
    assert [] == fake.istioctls["west"].installed


def test_a_primary_without_a_pool_asks_for_no_address() -> None:
    """Where load balancers are not ours, its gateway takes what it is given."""
    fake = fake_mesh(primary_remote())
    mesh = fake.mesh

    InstallPrimary("east")(mesh)

    assert [
        operators.primary(mesh.topology, mesh.settings, mesh.topology["east"], None)
    ] == fake.istioctls["east"].installed
