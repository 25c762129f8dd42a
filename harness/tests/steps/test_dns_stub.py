import pytest

from harness.corefile import add_stub, quicken_reload
from harness.errors import NotYet
from harness.steps import dns_stub
from harness.steps.corefile import CLUSTER_DNS, CoreDns
from harness.steps.dns_stub import QuickenReload, StubDomain, resolver_address
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import multi_primary_two_networks

COREFILE = ".:53 {\n    errors\n    reload\n}\n"


def furnished() -> FakeMesh:
    """Return a mesh whose east has a resolver at 10.11.0.77."""
    fake = fake_mesh(multi_primary_two_networks())
    fake.kubes["east"].hold(
        "Service", "istiocoredns", "istio-system", spec={"clusterIP": "10.11.0.77"}
    )
    return fake


def test_the_resolver_is_found_by_its_service() -> None:
    """Its address is the Service's; while there is none, it is not yet."""
    assert "10.11.0.77" == resolver_address(furnished().mesh, "east")
    with pytest.raises(NotYet, match="west: Service istiocoredns is not there"):
        resolver_address(furnished().mesh, "west")


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, CoreDns, str]]:
    """Return how Corefiles were changed: in which way, where, of whom, into what."""
    done: list[tuple[str, str, CoreDns, str]] = []
    for way in ("change_corefile", "restart_with"):

        def note(
            _kube: object, dns: CoreDns, change: object, *, where: str, way: str = way
        ) -> None:
            assert callable(change)
            done.append((way, where, dns, change(COREFILE)))

        monkeypatch.setattr(dns_stub, way, note)
    return done


def test_global_is_forwarded_to_the_resolver(
    changed: list[tuple[str, str, CoreDns, str]],
) -> None:
    """A stub is added to the cluster's own DNS, which is seen to take it."""
    StubDomain("east")(furnished().mesh)

    stubbed = add_stub(COREFILE, "global", "10.11.0.77")
    assert [("change_corefile", "east", CLUSTER_DNS, stubbed)] == changed
    assert COREFILE != stubbed


def test_reloads_are_quickened_by_a_restart(
    changed: list[tuple[str, str, CoreDns, str]],
) -> None:
    """A slow reload would take the quick one's text late: the pods are started anew."""
    QuickenReload("east")(furnished().mesh)

    assert [("restart_with", "east", CLUSTER_DNS, quicken_reload(COREFILE))] == changed
