from typing import Any

import pytest

from harness.settings import Images, Settings
from harness.steps import global_resolver
from harness.steps.corefile import RESOLVER
from harness.steps.global_resolver import DeployResolver, corefile, publish_records, resolver
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import multi_primary_two_networks

SETTINGS = Settings(images=Images(coredns="example.test/coredns:1"))


def furnished() -> FakeMesh:
    """Return a mesh whose east declares a global name."""
    fake = fake_mesh(multi_primary_two_networks(), settings=SETTINGS)
    fake.kubes["east"].hold(
        "ServiceEntry.networking.istio.io/v1",
        "httpbin-global",
        "foo",
        spec={
            "hosts": ["httpbin.bar.global"],
            "addresses": ["240.0.0.9"],
            "resolution": "STATIC",
        },
    )
    return fake


def test_the_resolver_answers_for_what_is_declared() -> None:
    """The Corefile holds the address of each declared name, and none that is not there."""
    mesh = furnished().mesh

    assert "240.0.0.9" in corefile(mesh, "east")
    assert "240.0.0.9" not in corefile(mesh, "west")


def test_the_resolver_is_a_coredns_of_its_own() -> None:
    """Image of the settings, no sidecar, ready by its own word, its Corefile from its ConfigMap."""
    config, deployment, service = (dict(each) for each in resolver(SETTINGS, "TEXT"))

    assert {"Corefile": "TEXT"} == config["data"]
    template: Any = deployment["spec"]["template"]
    (container,) = template["spec"]["containers"]
    assert "example.test/coredns:1" == container["image"]
    assert {"path": "/ready", "port": 8181} == container["readinessProbe"]["httpGet"]
    assert "false" == template["metadata"]["labels"]["sidecar.istio.io/inject"]
    (volume,) = template["spec"]["volumes"]
    assert config["metadata"]["name"] == volume["configMap"]["name"]
    for selector in (deployment["spec"]["selector"]["matchLabels"], service["spec"]["selector"]):
        assert selector.items() <= template["metadata"]["labels"].items()


def test_dns_is_served_over_both_transports() -> None:
    """Port 53, by UDP and by TCP."""
    service = resolver(SETTINGS, "TEXT")[2]

    assert {("UDP", 53, 53), ("TCP", 53, 53)} == {
        (each["protocol"], each["port"], each["targetPort"]) for each in service["spec"]["ports"]
    }


def test_the_resolver_is_deployed_and_awaited() -> None:
    """Its three objects are applied with the names that are declared, and it must be ready."""
    fake = furnished()

    told = first_look(lambda: fake_deploy(fake))

    applied = fake.kubes["east"].objects["ConfigMap", "istio-system", "istiocoredns"]
    assert corefile(fake.mesh, "east") == applied["data"]["Corefile"]
    assert [
        ("apply", "ConfigMap", "istio-system", "istiocoredns"),
        ("apply", "Deployment", "istio-system", "istiocoredns"),
        ("apply", "Service", "istio-system", "istiocoredns"),
    ] == fake.kubes["east"].calls
    assert told.startswith("east: Deployment istio-system/istiocoredns is rolled out")


def fake_deploy(fake: FakeMesh) -> None:
    """Deploy the resolver over a Deployment that the cluster has not rolled out yet."""
    fake.kubes["east"].hold(
        "Deployment", "istiocoredns", "istio-system", metadata={"generation": 1}
    )
    DeployResolver("east")(fake.mesh)


def test_new_records_are_published_to_the_running_resolver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole Corefile is written anew from what is declared now."""
    fake, published = furnished(), list[tuple[object, str, str]]()

    def note(_kube: object, dns: object, change: object, *, where: str) -> None:
        assert callable(change)
        published.append((dns, where, change("whatever stood there")))

    monkeypatch.setattr(global_resolver, "change_corefile", note)

    publish_records(fake.mesh, "east")

    assert [(RESOLVER, "east", corefile(fake.mesh, "east"))] == published
