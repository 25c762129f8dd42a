from dataclasses import FrozenInstanceError
from typing import get_args

from pydantic import TypeAdapter
import pytest

from harness.observation import (
    ControlPlane,
    DnsReply,
    Endpoint,
    HttpReply,
    InjectedPod,
    Inventory,
    NodeFact,
    Observation,
    ProxyConfig,
    ProxyState,
    RemoteCluster,
    Unseen,
)

ONE_OF_EACH: tuple[Observation, ...] = (
    HttpReply("east", "http://httpbin:8000/hostname", 200, "httpbin-1", "west"),
    DnsReply("east", "httpbin.sample.global", "A", "NOERROR", ("240.0.0.2",), 5, "tcp", "10.1.0.9"),
    ProxyState("east", "sleep-1.sample", "east/istiod-1", synced=True),
    ProxyConfig("east", "sleep-1.sample", 0, ("istio.stats",)),
    Endpoint("east", "httpbin.sample.svc.cluster.local", "10.12.0.4", 8080, healthy=True),
    RemoteCluster("east", "west", "istio-system/istio-remote-secret-west", "synced"),
    ControlPlane("east", ("istiod-1",), "istio-system/istiod/inject", ("10.10.0.4",), "ab" * 32),
    InjectedPod("east", "sleep-1", ("sleep", "istio-proxy"), "east", "network1"),
    NodeFact("east", "kubelet runs", holds=False, seen="inactive"),
    Inventory("east", "before", ("Pod.v1 sample/sleep-1",)),
    Unseen("east", "kubelet runs", "the node does not answer"),
)

adapter: TypeAdapter[Observation] = TypeAdapter(Observation)


def test_every_kind_of_observation_is_in_this_specification() -> None:
    """A new kind must be added to the examples below, and has a word of its own."""
    assert set(get_args(Observation)) == {type(each) for each in ONE_OF_EACH}
    assert len(ONE_OF_EACH) == len({each.kind for each in ONE_OF_EACH})


@pytest.mark.parametrize("observation", ONE_OF_EACH, ids=lambda each: each.kind)
def test_an_observation_survives_json(observation: Observation) -> None:
    """What is written to a record is read back as the same value of the same kind."""
    assert observation == adapter.validate_json(adapter.dump_json(observation))


@pytest.mark.parametrize("observation", ONE_OF_EACH, ids=lambda each: each.kind)
def test_an_observation_never_changes(observation: Observation) -> None:
    """Evidence is frozen once it was seen."""
    with pytest.raises(FrozenInstanceError):
        observation.kind = "another"  # type: ignore[misc, assignment]


def test_an_unknown_kind_is_refused() -> None:
    """JSON that is no observation is not taken for one."""
    with pytest.raises(ValueError, match="validation error"):
        adapter.validate_python({"kind": "rumour", "source": "east"})
