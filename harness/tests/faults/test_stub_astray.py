import pytest

from harness.corefile import add_stub
from harness.errors import NotYet
from harness.faults import stub_astray
from harness.faults.stub_astray import ASTRAY, StubAstray
from harness.tests.fakes import FakeKube, FakeMesh, fake_mesh
from harness.tests.topologies import multi_primary_two_networks

FAULT = StubAstray("east")
PLAIN = ".:53 {\n    errors\n}\n"
WHOLE, BROKEN = add_stub(PLAIN, "global", "10.11.0.77"), add_stub(PLAIN, "global", ASTRAY)


def holding(corefile: str) -> FakeMesh:
    """Return a mesh whose east has this Corefile and a resolver."""
    fake = fake_mesh(multi_primary_two_networks())
    east = fake.kubes["east"]
    east.hold("ConfigMap", "coredns", "kube-system", data={"Corefile": corefile})
    east.hold("Service", "istiocoredns", "istio-system", spec={"clusterIP": "10.11.0.77"})
    return fake


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the Corefiles that CoreDNS was brought to serve, in order."""
    texts: list[str] = []

    def note(kube: FakeKube, dns: object, change: object, *, where: str) -> None:
        del dns, where
        assert callable(change)
        held = kube.objects["ConfigMap", "kube-system", "coredns"]["data"]
        held["Corefile"] = change(held["Corefile"])
        texts.append(held["Corefile"])

    monkeypatch.setattr(stub_astray, "change_corefile", note)
    return texts


def test_the_stub_is_led_astray_and_back(served: list[str]) -> None:
    """Only the address changes, and healing gives the resolver's own again."""
    fake = holding(WHOLE)

    FAULT.inject(fake.mesh)
    FAULT.heal(fake.mesh)

    assert [BROKEN, WHOLE] == served


def test_it_is_broken_where_the_corefile_names_nobody() -> None:
    """Each of the two states is told apart from the other."""
    FAULT.witness(holding(BROKEN).mesh)
    FAULT.healed(holding(WHOLE).mesh)
    with pytest.raises(NotYet, match="the stub forwards to the resolver"):
        FAULT.witness(holding(WHOLE).mesh)
    with pytest.raises(NotYet, match="the stub still forwards to"):
        FAULT.healed(holding(BROKEN).mesh)


def test_it_is_told_by_its_cluster() -> None:
    """The record names the fault and where it is."""
    assert "stub of east astray" == str(FAULT)
