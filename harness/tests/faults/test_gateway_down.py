import pytest

from harness.errors import NotYet
from harness.faults.gateway_down import GatewayDown
from harness.tests.fakes import FakeMesh, fake_mesh, hold_pod
from harness.tests.topologies import primary_remote

GATEWAY = "istio-eastwestgateway"
FAULT = GatewayDown("east")


def furnished(*, ready: int = 1) -> FakeMesh:
    """Return a mesh whose gateway has an autoscaler and so many ready pods."""
    fake = fake_mesh(primary_remote())
    east = fake.kubes["east"]
    east.hold("HorizontalPodAutoscaler.autoscaling/v2", GATEWAY, "istio-system")
    status = {"readyReplicas": ready} if ready else {}
    east.hold("Deployment", GATEWAY, "istio-system", spec={"replicas": 1}, status=status)
    return fake


def test_the_gateway_is_scaled_to_nothing_and_back() -> None:
    """Its autoscaler stays: it stands aside while none are wanted, and healing wants one again."""
    fake = furnished()

    FAULT.inject(fake.mesh)
    FAULT.heal(fake.mesh)

    calls = fake.kubes["east"].calls
    assert [
        ("patch", "Deployment", "istio-system", GATEWAY, {"spec": {"replicas": 0}}),
        ("patch", "Deployment", "istio-system", GATEWAY, {"spec": {"replicas": 1}}),
    ] == calls
    assert [] == fake.kubes["west"].calls


def test_it_is_broken_when_no_pod_is_left() -> None:
    """Pods of the gateway that still run keep it from having bitten; others do not matter."""
    fake = furnished()
    hold_pod(fake.kubes["east"], "istiod-1", "istio-system", app="istiod")
    FAULT.witness(fake.mesh)
    hold_pod(fake.kubes["east"], "gateway-1", "istio-system", app=GATEWAY)

    with pytest.raises(NotYet, match="1 pods are left"):
        FAULT.witness(fake.mesh)


def test_it_is_healed_when_its_pod_is_ready() -> None:
    """A gateway that is only wanted again does not carry anything yet."""
    FAULT.healed(furnished(ready=1).mesh)
    for fake in (furnished(ready=0), fake_mesh(primary_remote())):
        with pytest.raises(NotYet, match="its pod is not ready"):
            FAULT.healed(fake.mesh)


def test_it_is_told_by_its_cluster() -> None:
    """The record names the fault and where it is."""
    assert "east-west gateway of east down" == str(FAULT)
