"""Records of imagined runs for the tests of reports: written by hand, named for what they show."""

from datetime import UTC, datetime
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Literal

from harness.checks.reach import answered_by_exactly
from harness.observation import HttpReply, Observation, Unseen
from harness.record import (
    ClaimRecord,
    DumpRecord,
    NotApplicable,
    ProvisionRecord,
    StepRecord,
)
from harness.settings import Settings, Versions
from harness.topology import Cluster, Topology
from harness.verdict import Verdict
from reports.facts import Ending, RunFacts
from reports.report import Cause, Ran, TestRun


def cluster(number: int, *, network: int = 1, primary: int | None = None) -> Cluster:
    """Return clusterN on networkN; its own primary unless another is named."""
    return Cluster(
        name=f"cluster{number}",
        network=f"network{network}",
        primary=f"cluster{primary or number}",
        pods=IPv4Network(f"10.{number}.0.0/16"),
        services=IPv4Network(f"10.{100 + number}.0.0/16"),
    )


PRIMARY_REMOTE = Topology(
    name="primary-remote",
    title="Primary-remote on one network",
    clusters=(cluster(1), cluster(2, primary=1)),
)
MULTI_PRIMARY = Topology(
    name="multi-primary-two-networks",
    title="Multi-primary on two networks",
    clusters=(cluster(1), cluster(2, network=2)),
)
STARTED = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def facts(folder: Path = Path("runs/r1"), *topologies: Topology) -> RunFacts:
    """Return the facts of a run in the folder."""
    return RunFacts(
        id="r1",
        folder=folder,
        started=STARTED,
        command=("pytest", "scenarios"),
        engine="embedded",
        engine_reason="no Docker answers",
        images="built",
        images_reason="no registry answers",
        settings=Settings(),
        versions=Versions(istio="1.31.2"),
        digests={"docker.io/istio/pilot:1.31.2": "sha256:" + "ab" * 32},
        topologies=topologies or (PRIMARY_REMOTE,),
        timings={"stack": 1.25},
        host={"cores": "2"},
    )


def ending(status: int = 0, interruption: str = "") -> Ending:
    """Return how pytest ended."""
    return Ending(status, 63.2, interruption)


def replies(source: str, *answering: str, times: int = 21, **more: Any) -> list[HttpReply]:
    """Return calls from the source, answered in turn by these clusters."""
    return [
        HttpReply(source, "http://httpbin:8000/hostname", 200, f"httpbin-{who}", who, **more)
        for who in (answering[number % len(answering)] for number in range(times))
    ]


def no_answer(source: str, times: int = 1) -> list[HttpReply]:
    """Return calls from the source that ended in 503."""
    return [HttpReply(source, "http://httpbin:8000/hostname", 503)] * times


def node_id(name: str, *about: str, topology: Topology = PRIMARY_REMOTE) -> str:
    """Return a node id as the scenarios make them."""
    return f"scenarios/test_traffic.py::test_{name}[{'/'.join([topology.name, *about])}]"


def reached(  # noqa: PLR0913  # each is a way in which claims differ
    source: str,
    seen: list[Observation] | list[HttpReply],
    *,
    wanted: tuple[str, ...] = ("cluster1", "cluster2"),
    topology: Topology = PRIMARY_REMOTE,
    fault: str = "",
    outcome: Literal["pass", "fail"] = "pass",
    name: str = "sleep_is_answered",
) -> ClaimRecord:
    """Return the claim that the source is answered, judged by the real check."""
    verdict = answered_by_exactly(topology, seen, clusters=wanted)
    return claimed(
        verdict,
        test=node_id(name, source, topology=topology),
        params={"clusters": list(wanted)},
        topology=topology,
        fault=fault,
        wanted=outcome,
    )


def claimed(  # noqa: PLR0913  # a record has this many parts
    verdict: Verdict,
    *,
    test: str,
    params: dict[str, Any] | None = None,
    check: str = "reach:answered_by_exactly",
    topology: Topology = PRIMARY_REMOTE,
    fault: str = "",
    wanted: Literal["pass", "fail"] = "pass",
) -> ClaimRecord:
    """Return the record of a verdict."""
    return ClaimRecord(
        test=test,
        topology=topology.name,
        claim="Every call was answered, by every one of these clusters and by no other.",
        check=check,
        params=params or {},
        verdict=verdict,
        attempts=1,
        seconds=0.4,
        fault=fault,
        wanted=wanted,
    )


def unseen(source: str) -> list[Observation]:
    """Return a question that could not be put."""
    return [Unseen(source, "httpbin:8000", "the exec stream was lost")]


def dumped(topology: Topology = PRIMARY_REMOTE, *, fault: str = "", missing: int = 0) -> DumpRecord:
    """Return the record of a dump of 3.2 MB in 2.8 s."""
    folder = f"{topology.name}/dump"
    return DumpRecord(topology.name, folder, 2.8, 3_221_169, missing, fault=fault)


def step(  # noqa: PLR0913  # a record has this many parts
    sentence: str,
    cluster: str,
    started: float,
    seconds: float,
    *,
    layer: str = "bench",
    after: tuple[str, ...] = (),
    error: str = "",
    ended: bool = True,
) -> StepRecord:
    """Return the record of a step; one with an error did not end."""
    return StepRecord(sentence, cluster, layer, after, started, seconds, error, ended and not error)


def set_up(topology: Topology = PRIMARY_REMOTE, error: str = "") -> ProvisionRecord:
    """Return a set-up that went well, or broke as `harness.perform` tells it."""
    steps = []
    for each in topology.clusters:
        name = each.name
        steps += [
            step(f"create {name}", name, 0, 20),
            step(f"install MetalLB in {name}", name, 20, 6, after=(f"create {name}",)),
        ]
    name = topology.clusters[0].name
    broken = f"istiod is ready: {error}" if error else ""
    installed = f"install the primary {name}"
    needs = (f"create {name}",)
    steps.append(step(installed, name, 20, 9, layer="mesh", after=needs, error=broken))
    return ProvisionRecord(
        topology=topology,
        phase="up",
        steps=tuple(steps),
        seconds=29,
        error=f"the mesh could not be set up\n{installed}: {broken}" if error else "",
        nodes={each.name: f"172.18.0.{place}" for place, each in enumerate(topology.clusters, 2)},
        gateways={name: "172.18.255.200"},
    )


def skipped(topology: Topology = PRIMARY_REMOTE) -> NotApplicable:
    """Return a scenario that does not apply."""
    return NotApplicable(
        node_id("crossing", topology=topology), topology.name, "it needs two networks"
    )


def ran(test: str, outcome: Ran = Ran.PASSED, *causes: Cause, text: str = "") -> TestRun:
    """Return what pytest says of a test."""
    return TestRun(id=test, outcome=outcome, seconds=1.5, text=text, causes=causes)


def ran_all(*records: ClaimRecord) -> list[TestRun]:
    """Return what pytest says of the tests behind these claims."""
    return [
        ran(each.test, Ran.PASSED if each.verdict.outcome == each.wanted else Ran.FAILED)
        for each in records
    ]
