from collections.abc import Callable, Sequence

import pytest

from harness.access import Completed
from harness.observation import Endpoint, ProxyConfig, ProxyState, Unseen
from harness.probes import proxies
from harness.tests.fakes import FakeMesh, completed, fake_mesh, hold_pod
from harness.tests.topologies import mixed, primary_remote

LOST = "the API server does not answer"
STATS = """\
cluster_manager.cds.update_rejected: 0
listener_manager.lds.update_rejected: 0
cluster.outbound|8000||httpbin.sample.svc.cluster.local.update_rejected: 0
"""


def furnished() -> FakeMesh:
    """Return a primary and its remote with a proxy each, and the primary's gateway."""
    fake = fake_mesh(primary_remote())
    hold_pod(fake.kubes["east"], "sleep-1", app="sleep")
    hold_pod(fake.kubes["east"], "plain-1", app="plain")
    hold_pod(fake.kubes["east"], "gateway-1", "istio-system", app="istio-eastwestgateway")
    hold_pod(fake.kubes["west"], "httpbin-1", app="httpbin")
    return fake


def test_every_sidecar_and_gateway_is_expected_to_be_served() -> None:
    """Proxies are named as istioctl does; a client without a sidecar is none."""
    assert {
        "sleep-1.sample": "east",
        "gateway-1.istio-system": "east",
        "httpbin-1.sample": "west",
    } == proxies.expected(furnished().mesh)


def row(proxy: str, cluster: str, **types: str) -> dict[str, object]:
    """Return what an istiod says of one proxy."""
    return {"proxy": proxy, "cluster": cluster, "istiod": "istiod-1", "types": types}


def test_states_are_told_by_the_primary_that_was_asked() -> None:
    """The istiod's name is led by its cluster; remotes have none to ask."""
    fake = fake_mesh(mixed())
    fake.istioctls["east"].proxies = [row("sleep-1.sample", "west", CDS="SYNCED")]
    fake.istioctls["north"].proxies = [row("sleep-2.sample", "north", CDS="SYNCED")]
    fake.istioctls["west"].proxies = [row("sleep-3.sample", "west", CDS="SYNCED")]

    assert [
        ProxyState("west", "sleep-1.sample", "east/istiod-1", synced=True),
        ProxyState("north", "sleep-2.sample", "north/istiod-1", synced=True),
    ] == proxies.states(fake.mesh)


@pytest.mark.parametrize(
    ("synced", "detail", "types"),
    [
        (True, "", {"CDS": "SYNCED", "EDS": "SYNCED"}),
        (True, "", {"CDS": "SYNCED", "ECDS": "NOT_SENT"}),
        (True, "", {"CDS": "SYNCED", "ECDS": "UNKNOWN"}),
        (False, "EDS STALE", {"CDS": "SYNCED", "EDS": "STALE"}),
        (False, "CDS ERROR, LDS STALE", {"LDS": "STALE", "CDS": "ERROR"}),
    ],
    ids=["synced", "nothing-to-send", "unknown", "stale", "two-late"],
)
def test_a_proxy_is_in_sync_when_every_type_is(
    synced: bool, detail: str, types: dict[str, str]
) -> None:
    """What is late is told by its type, in order."""
    fake = fake_mesh(primary_remote())
    fake.istioctls["east"].proxies = [row("sleep-1.sample", "east", **types)]

    assert [
        ProxyState("east", "sleep-1.sample", "east/istiod-1", synced=synced, detail=detail)
    ] == proxies.states(fake.mesh)


def test_a_primary_that_does_not_answer_leaves_its_proxies_open() -> None:
    """The other primary's are told beside what was lost."""
    fake = fake_mesh(mixed())
    fake.istioctls["east"].down = True
    fake.istioctls["north"].proxies = [row("sleep-2.sample", "north", CDS="SYNCED")]

    assert [
        Unseen("east", "istioctl proxy-status", LOST),
        ProxyState("north", "sleep-2.sample", "north/istiod-1", synced=True),
    ] == proxies.states(fake.mesh)


def answering(
    stats: str = STATS, dump: str = "{}", *, code: int = 0
) -> Callable[[Sequence[str]], Completed]:
    """Return what a sidecar answers to both questions."""

    def answer(argv: Sequence[str]) -> Completed:
        words = stats if "stats" in argv[-1] else dump
        return completed(words, code=code, stderr="no such flag" if code else "")

    return answer


def of_west(answer: Callable[[Sequence[str]], Completed]) -> object:
    """Return what is seen of west's only proxy."""
    fake = furnished()
    for kube in fake.kubes.values():
        kube.answer = answer
    return proxies.configs(fake.mesh)[-1]


@pytest.mark.parametrize(
    ("rejected", "stats"),
    [
        (0, STATS),
        (3, STATS.replace("lds.update_rejected: 0", "lds.update_rejected: 3")),
        (
            12,
            STATS.replace("cds.update_rejected: 0", "cds.update_rejected: 2").replace(
                "local.update_rejected: 0", "local.update_rejected: 10"
            ),
        ),
    ],
    ids=["none", "one-kind", "two-kinds"],
)
def test_rejected_updates_are_counted_over_all_kinds(rejected: int, stats: str) -> None:
    """Clusters, listeners, endpoints: what Envoy rejected of any of them counts."""
    assert ProxyConfig("west", "httpbin-1.sample", rejected, ()) == of_west(answering(stats))


def test_a_proxy_without_counters_was_not_looked_at() -> None:
    """An answer that holds no counter must not read as 'nothing rejected'."""
    assert Unseen(
        "west", "the configuration of httpbin-1.sample", "no counter of rejected updates"
    ) == of_west(answering(""))


def test_a_sidecar_that_refuses_to_tell_was_not_looked_at() -> None:
    """The path and what was said are the reason."""
    assert Unseen(
        "west",
        "the configuration of httpbin-1.sample",
        "pilot-agent request GET stats?filter=update_rejected: no such flag",
    ) == of_west(answering(code=1))


@pytest.mark.parametrize(
    ("extensions", "dump"),
    [
        ((), '{"name": "envoy.filters.http.router"}'),
        (("istio.alpn",), '{"name": "istio.alpn"}'),
        (("istio.metadata_exchange", "istio.stats"), '["istio.stats", "istio.metadata_exchange"]'),
        (("istio.stats",), '["istio.stats", "istio.stats"]'),
        (
            ("envoy.filters.network.metadata_exchange",),
            '{"name": "envoy.filters.network.metadata_exchange"}',
        ),
        (
            ("envoy.filters.http.peer_metadata",),
            '{"name": "envoy.filters.http.peer_metadata"}',
        ),
        ((), '{"cluster": "outbound|8000||httpbin.sample.svc", "host": "istio.io"}'),
    ],
    ids=["router", "alpn", "two", "twice", "network-filter", "peer-metadata", "other-words"],
)
def test_extensions_of_istio_are_told_by_name(extensions: tuple[str, ...], dump: str) -> None:
    """Names that only Istio's Envoy knows, each once and in order; other names are none."""
    assert ProxyConfig("west", "httpbin-1.sample", 0, extensions) == of_west(answering(dump=dump))


def test_every_proxy_is_asked_in_its_sidecar() -> None:
    """Both questions go to container istio-proxy of each proxy's own pod."""
    fake = furnished()
    for kube in fake.kubes.values():
        kube.answer = answering()

    seen = proxies.configs(fake.mesh)

    assert ["sleep-1.sample", "gateway-1.istio-system", "httpbin-1.sample"] == [
        each.proxy for each in seen if isinstance(each, ProxyConfig)
    ]
    assert [
        ("sleep-1", "sample", "istio-proxy"),
        ("gateway-1", "istio-system", "istio-proxy"),
    ] == list(dict.fromkeys(call[1:4] for call in fake.kubes["east"].calls))


def status(address: str, health: str | None = None) -> dict[str, object]:
    """Return one endpoint as Envoy tells it."""
    told: dict[str, object] = {
        "address": {"socketAddress": {"address": address, "portValue": 8080}}
    }
    return told | ({"healthStatus": {"edsHealthStatus": health}} if health else {})


def test_endpoints_are_what_the_clients_envoy_holds() -> None:
    """Address, port and health of each host; internal addresses are left out."""
    fake = furnished()
    internal: dict[str, object] = {"address": {"envoyInternalAddress": {}}}
    fake.istioctls["east"].config = [
        {"hostStatuses": [status("10.10.0.7", "HEALTHY"), internal]},
        {"hostStatuses": [status("10.12.0.7", "UNHEALTHY"), status("10.12.0.8")]},
        {},
    ]
    service = "httpbin.sample.svc.cluster.local"

    assert [
        Endpoint("east", service, "10.10.0.7", 8080, healthy=True),
        Endpoint("east", service, "10.12.0.7", 8080, healthy=False),
        Endpoint("east", service, "10.12.0.8", 8080, healthy=True),
    ] == proxies.endpoints(fake.mesh, "east", service)
    assert [
        ("endpoints", "sleep-1", "sample", "--cluster", f"outbound|8000||{service}")
    ] == fake.istioctls["east"].asked


def test_endpoints_that_cannot_be_asked_for_are_open() -> None:
    """A lost istioctl is one Unseen, not an empty list."""
    fake = furnished()
    fake.istioctls["east"].down = True

    assert [Unseen("east", "the endpoints of httpbin", LOST)] == proxies.endpoints(
        fake.mesh, "east", "httpbin"
    )
