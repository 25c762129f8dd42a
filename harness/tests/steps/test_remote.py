from typing import Any

import pytest

from harness import operators
from harness.addresses import AddressRange
from harness.errors import NotYet
from harness.steps.remote import AwaitAdoption, InstallRemote, injector_name
from harness.tests.fakes import FakeKube, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import primary_remote
from harness.topology import Discovery, Topology

POOL = AddressRange.parse("172.18.255.239-172.18.255.254")


def file_of(address: str, topology: Topology) -> dict[str, Any]:
    """Return the file of the remote whose istiod is at this address."""
    return operators.remote(topology, fake_mesh(topology).mesh.settings, topology["west"], address)


def test_a_remote_is_led_to_the_planned_address() -> None:
    """The address of its primary's pool is taken, before the gateway has it."""
    topology = primary_remote()
    fake = fake_mesh(topology, pools={"east": POOL})

    InstallRemote("west")(fake.mesh)

    assert [file_of("172.18.255.239", topology)] == fake.istioctls["west"].installed
    assert [] == fake.istioctls["east"].installed


def test_a_remote_is_led_to_the_address_that_the_gateway_got() -> None:
    """Where no address was planned, the primary's gateway is asked for its own."""
    topology = primary_remote()
    fake = fake_mesh(topology)
    status = {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}
    fake.kubes["east"].hold("Service", "istio-eastwestgateway", "istio-system", status=status)

    InstallRemote("west")(fake.mesh)

    assert [file_of("192.0.2.7", topology)] == fake.istioctls["west"].installed


def test_a_remote_is_not_installed_without_an_address() -> None:
    """With neither plan nor gateway nothing is installed."""
    fake = fake_mesh(primary_remote())

    with pytest.raises(NotYet):
        InstallRemote("west")(fake.mesh)

    assert [] == fake.istioctls["west"].installed


def hold_webhook(kube: FakeKube, *bundles: str, name: str = "istio-sidecar-injector") -> None:
    """Put an injector there whose webhooks have these CA bundles."""
    webhooks = [{"clientConfig": {"caBundle": each} if each else {}} for each in bundles]
    kube.hold("MutatingWebhookConfiguration", name, webhooks=webhooks)


def adoption(topology: Topology, *bundles: str, roots: tuple[str, ...], name: str) -> str:
    """Return what is seen at first of a remote that has these bundles and roots."""
    fake = fake_mesh(topology)
    if bundles:
        hold_webhook(fake.kubes["west"], *bundles, name=name)
    for namespace in roots:
        fake.kubes["west"].hold("ConfigMap", "istio-ca-root-cert", namespace)
    return first_look(lambda: AwaitAdoption("west")(fake.mesh)).removeprefix(
        "west: adopted by its primary: "
    )


@pytest.mark.parametrize(
    ("seen", "bundles", "roots"),
    [
        ("", ["CA", "CA"], ("sample",)),
        ("istio-sidecar-injector is not there", [], ("sample",)),
        ("istio-sidecar-injector has no caBundle yet", ["CA", ""], ("sample",)),
        ("sample has no istio-ca-root-cert yet", ["CA", "CA"], ()),
    ],
    ids=["adopted", "no-webhook", "one-without-ca", "no-root"],
)
def test_adoption_is_a_ca_in_every_webhook_and_the_root_in_the_namespace(
    seen: str, bundles: list[str], roots: tuple[str, ...]
) -> None:
    """Only when the primary has done all of it is the remote adopted; what lacks is told."""
    name = "istio-sidecar-injector"

    assert seen == adoption(primary_remote(), *bundles, roots=roots, name=name)


def test_every_namespace_of_workloads_needs_the_root() -> None:
    """With clients and servers apart, the root in one of the namespaces is not enough."""
    topology = primary_remote(discovery=Discovery.GLOBAL_NAMES)
    name = "istio-sidecar-injector"

    assert "bar has no istio-ca-root-cert yet" == adoption(
        topology, "CA", roots=("foo",), name=name
    )
    assert not adoption(topology, "CA", roots=("foo", "bar"), name=name)


def test_a_revisions_injector_has_the_revision_in_its_name() -> None:
    """The webhook that is awaited is the revision's own."""
    topology = primary_remote(revision="rev")

    assert "istio-sidecar-injector" == injector_name(primary_remote())
    assert "istio-sidecar-injector-rev" == injector_name(topology)
    assert "istio-sidecar-injector-rev is not there" == adoption(
        topology, "CA", roots=("sample",), name="istio-sidecar-injector"
    )
