from ipaddress import IPv4Address

from harness.addresses import AddressRange
from harness.bench.account import Span
from harness.bench.ours import PHASES, spans_of
from harness.plan import plan
from harness.record import StepRecord
from harness.steps.clusters import CreateCluster
from harness.tests.topologies import primary_remote

POOLS = {
    name: AddressRange(IPv4Address(first), IPv4Address(first) + 15)
    for name, first in (("east", "172.18.255.1"), ("west", "172.18.254.1"))
}


def test_every_step_of_the_plan_belongs_to_a_phase_of_the_document() -> None:
    """A new step of primary-remote must say whose work it does."""
    steps = {type(task.step) for task in plan(primary_remote(), POOLS).tasks}

    assert steps <= set(PHASES)


def test_a_phase_lasts_from_its_first_beginning_to_its_last_end() -> None:
    """Steps of two clusters that overlap are one span."""
    steps = {name: CreateCluster(name) for name in ("east", "west")}
    records = [
        StepRecord("east", "east", "bench", (), started=1, seconds=9),
        StepRecord("west", "west", "bench", (), started=0.5, seconds=8),
    ]

    assert spans_of(steps, records) == (Span("clusters", 0.5, 10),)
