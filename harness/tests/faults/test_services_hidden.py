import pytest

from harness.errors import NotYet
from harness.faults import services_hidden
from harness.faults.services_hidden import ServicesHidden
from harness.mesh import Mesh
from harness.steps.gateway import ExposeServices
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import multi_primary_two_networks

FAULT = ServicesHidden("east", "west")
KIND, NAME = "Gateway.networking.istio.io/v1", "cross-network-gateway"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the clusters whose client began anew."""
    began: list[str] = []

    def note(mesh: Mesh, cluster: str) -> None:
        del mesh
        began.append(cluster)

    monkeypatch.setattr(services_hidden, "fresh_client", note)
    return began


def exposed() -> FakeMesh:
    """Return a mesh whose east exposes its services."""
    fake = fake_mesh(multi_primary_two_networks())
    fake.kubes["east"].hold(KIND, NAME, "istio-system")
    return fake


def test_the_way_in_is_deleted_and_the_client_begins_anew(fresh: list[str]) -> None:
    """Exactly what exposes the services goes; pooled connections of the client go with it."""
    fake = exposed()

    FAULT.inject(fake.mesh)

    assert [("delete", KIND, "istio-system", NAME)] == fake.kubes["east"].calls
    assert [] == fake.kubes["west"].calls
    assert ["west"] == fresh


def test_healing_exposes_the_services_as_the_plan_did(fresh: list[str]) -> None:
    """What the step applies is there again."""
    fake, wanted = exposed(), fake_mesh(multi_primary_two_networks())
    FAULT.inject(fake.mesh)

    FAULT.heal(fake.mesh)
    ExposeServices("east")(wanted.mesh)

    key = ("Gateway", "istio-system", NAME)
    assert wanted.kubes["east"].objects[key] == fake.kubes["east"].objects[key]
    assert fresh == ["west"]


def test_it_is_broken_without_the_gateway_and_whole_with_it() -> None:
    """Each of the two states is told apart from the other."""
    hidden = fake_mesh(multi_primary_two_networks())

    FAULT.witness(hidden.mesh)
    FAULT.healed(exposed().mesh)
    with pytest.raises(NotYet, match="is still there"):
        FAULT.witness(exposed().mesh)
    with pytest.raises(NotYet, match="is not back"):
        FAULT.healed(hidden.mesh)


def test_it_is_told_by_its_cluster() -> None:
    """The record names the fault and where it is."""
    assert "services of east hidden behind its gateway" == str(FAULT)
