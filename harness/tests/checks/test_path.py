import pytest

from harness.checks.path import endpoints_lead_by
from harness.observation import Endpoint, Observation, Unseen
from harness.tests.topologies import mixed
from harness.verdict import Outcome

TOPOLOGY = mixed()
GATEWAYS = {"north": "172.18.255.200"}


def endpoint(address: str, port: int = 8080, *, healthy: bool = True) -> Endpoint:
    """Return an endpoint that the client of `west` holds."""
    return Endpoint("west", "httpbin.sample.svc.cluster.local", address, port, healthy)


def pod_of(cluster: str) -> str:
    """Return an address of a pod of the cluster."""
    return str(TOPOLOGY[cluster].pods[10])


HOME = [endpoint(pod_of("west")), endpoint(pod_of("east"))]
ACROSS = endpoint(GATEWAYS["north"], 15443)


@pytest.mark.parametrize(
    ("outcome", "seen"),
    [
        pytest.param(Outcome.PASS, [*HOME, ACROSS], id="pods-at-home-gateway-across"),
        pytest.param(Outcome.FAIL, [*HOME, endpoint(pod_of("north"))], id="raw-pod-across"),
        pytest.param(Outcome.FAIL, HOME, id="a-cluster-is-missing"),
        pytest.param(Outcome.FAIL, [*HOME, endpoint(GATEWAYS["north"], 80)], id="other-port"),
        pytest.param(
            Outcome.FAIL, [*HOME, ACROSS, endpoint("192.0.2.1")], id="an-address-of-nobody"
        ),
        pytest.param(
            Outcome.FAIL,
            [*HOME, endpoint(GATEWAYS["north"], 15443, healthy=False)],
            id="not-healthy",
        ),
        pytest.param(Outcome.INCONCLUSIVE, [], id="nothing-seen"),
        pytest.param(Outcome.INCONCLUSIVE, [Unseen("west", "endpoints", "lost")], id="lost"),
    ],
)
def test_calls_go_by_pods_at_home_and_by_gateways_across(
    outcome: Outcome, seen: list[Observation]
) -> None:
    """Exactly one way into each cluster that answers: a pod of one's own network, or 15443."""
    verdict = endpoints_lead_by(TOPOLOGY, seen, source="west", gateways=GATEWAYS)

    assert outcome == verdict.outcome
