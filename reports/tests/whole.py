"""Whole runs as large as real ones, for what must hold of size and of pages in a browser."""

from functools import partial

from harness.checks import control_plane, nodes
from harness.observation import DnsReply, NodeFact, Observation, ProxyConfig, ProxyState, Unseen
from harness.record import ClaimRecord, NotApplicable, ProvisionRecord, Record
from harness.topology import Topology
from harness.verdict import failed, inconclusive, passed
from reports.compose import compose
from reports.report import Cause, Ran, Report, TestRun
from reports.tests.records import (
    MULTI_PRIMARY,
    PRIMARY_REMOTE,
    claimed,
    cluster,
    ending,
    facts,
    no_answer,
    ran,
    ran_all,
    reached,
    replies,
    set_up,
    skipped,
)

THREE = Topology(
    name="three-clusters",
    title="Three clusters, each on a network of its own",
    clusters=(cluster(1), cluster(2, network=2), cluster(3, network=3)),
)
FORMS = ("httpbin", "httpbin.sample", "httpbin.sample.svc.cluster.local")


def big(count: int = 7) -> Report:
    """Return a green run of so many topologies, every one with all that is claimed of it."""
    shapes = (PRIMARY_REMOTE, MULTI_PRIMARY, THREE)
    topologies = [
        shapes[number % 3].model_copy(update={"name": f"{shapes[number % 3].name}-{number}"})
        for number in range(count)
    ]
    records: list[Record] = []
    for topology in topologies:
        records += [set_up(topology), skipped(topology), *_claims(topology)]
    claims = [each for each in records if isinstance(each, ClaimRecord)]
    return compose(facts(), records, ran_all(*claims), ending())


def broken() -> Report:
    """Return a run in which each thing that can go wrong did, and most went well."""
    lost = set_up(MULTI_PRIMARY, error="pods of istiod: 0 of 1 ready")
    claims = _claims(PRIMARY_REMOTE)
    claims += [
        reached("cluster1", no_answer("cluster1", 21), name="sleep_is_answered_again"),
        reached(
            "cluster1",
            no_answer("cluster1", 3),
            fault="the gateway of cluster1 is down",
            outcome="fail",
            name="a_missing_gateway_cuts_the_remote_off",
        ),
        _dns(PRIMARY_REMOTE, "nowhere.global", "NXDOMAIN", ok=False),
        _unknown(PRIMARY_REMOTE),
    ]
    cause = Cause(phase="setup", type="ProvisioningError", message=lost.error, exit_code=1)
    crash = Cause(phase="call", type="KeyError", message="'httpbin'", exit_code=None)
    tests: list[TestRun] = [
        *ran_all(*claims),
        *(ran(_test("test_traffic", name, MULTI_PRIMARY), Ran.ERROR, cause) for name in "ab"),
        ran(_test("test_nodes", "odd", PRIMARY_REMOTE), Ran.FAILED, crash, text="E  KeyError"),
    ]
    records: list[ProvisionRecord | ClaimRecord | NotApplicable] = [
        set_up(),
        lost,
        skipped(),
        *claims,
    ]
    return compose(facts(), records, tests, ending(1))


def _test(module: str, name: str, topology: Topology, *about: str) -> str:
    return f"scenarios/{module}.py::test_{name}[{'/'.join([topology.name, *about])}]"


def _claims(topology: Topology) -> list[ClaimRecord]:
    every = topology.names
    make = partial(reached, topology=topology, wanted=every)
    found = []
    for source in every:
        for form in FORMS:
            seen = replies(source, *every, times=37)
            found.append(make(source, seen, name=f"sleep_is_answered_by_every_cluster_{form}"))
        for alone in every:
            seen = replies(source, alone, times=3)
            name = f"sleep_is_answered_from_where_httpbin_alone_serves_{alone}"
            found.append(reached(source, seen, wanted=(alone,), topology=topology, name=name))
        found += [
            _dns(topology, f"httpbin.{source}.global", "NOERROR"),
            *(_node(topology, source, words) for words in ("kubelet runs", "routes are there")),
        ]
    return [*found, _proxies(topology), _configs(topology)]


def _dns(topology: Topology, name: str, rcode: str, *, ok: bool = True) -> ClaimRecord:
    answers = ("240.0.0.2",) if rcode == "NOERROR" else ()
    seen = [DnsReply("cluster1", name, "A", rcode, answers, 5, server="10.96.0.10")]
    verdict = (
        passed(seen, "240.0.0.2")
        if ok
        else failed(seen, "the name is not known", expected="240.0.0.2", got=rcode)
    )
    return claimed(
        verdict,
        test=_test("test_dns", "a_name_resolves", topology, name),
        check="names:resolves",
        topology=topology,
    )


def _unknown(topology: Topology) -> ClaimRecord:
    seen = [Unseen("cluster2", "proxy-status", "the API server did not answer")]
    return claimed(
        inconclusive(seen, "could not look: proxy-status"),
        test=_test("test_control_plane", "proxies_are_known", topology),
        check="control_plane:no_update_was_rejected",
        topology=topology,
    )


def _node(topology: Topology, name: str, question: str) -> ClaimRecord:
    seen: list[Observation] = [NodeFact(name, f"{question} {n}", holds=True) for n in range(3)]
    return claimed(
        nodes.every_fact_holds(topology, seen),
        test=_test("test_nodes", question.replace(" ", "_"), topology, name),
        check="nodes:every_fact_holds",
        topology=topology,
    )


def _proxies(topology: Topology) -> ClaimRecord:
    proxies = {
        f"{app}-7dc445cbb5-5hh49.{name}": name
        for name in topology.names
        for app in ("sleep", "httpbin", "istio-eastwestgateway")
    }
    seen = [
        ProxyState(name, proxy, f"{topology[name].primary}/istiod-84ccd", synced=True)
        for proxy, name in proxies.items()
    ]
    return claimed(
        control_plane.every_proxy_is_served_by(topology, seen, proxies=proxies),
        test=_test("test_control_plane", "every_proxy_is_in_sync", topology),
        check="control_plane:every_proxy_is_served_by",
        params={"proxies": proxies},
        topology=topology,
    )


def _configs(topology: Topology) -> ClaimRecord:
    seen = [
        ProxyConfig(name, f"{app}-7dc445cbb5-5hh49.sample", 0, ())
        for name in topology.names
        for app in ("sleep", "httpbin", "istio-eastwestgateway")
    ]
    return claimed(
        control_plane.no_update_was_rejected(topology, seen),
        test=_test("test_control_plane", "no_proxy_rejected_an_update", topology),
        check="control_plane:no_update_was_rejected",
        topology=topology,
    )
