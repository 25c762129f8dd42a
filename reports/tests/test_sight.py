import pytest

from harness.observation import (
    ControlPlane,
    DnsReply,
    Endpoint,
    HttpReply,
    InjectedPod,
    NodeFact,
    Observation,
    ProxyConfig,
    ProxyState,
    RemoteCluster,
    Unseen,
)
from reports.sight import sight, sights
from reports.tests.records import replies


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (
            HttpReply("a", "http://h", 200, "h-1", "b"),
            "a/sleep → http://h: 200 b h-1",
        ),
        (
            HttpReply("a", "http://h", 0, error="refused", curl_exit=7),
            "a/sleep → http://h: no response refused (curl exit 7)",
        ),
        (
            DnsReply("a", "h.global", "A", "NOERROR", ("240.0.0.1",), 5),
            "a: h.global A over udp: NOERROR 240.0.0.1 ttl 5",
        ),
        (ProxyState("a", "p", "", synced=False), "a: p served by nobody, not in sync"),
        (ProxyConfig("a", "p", 0, ()), "a: p rejected 0 updates"),
        (Endpoint("a", "h", "10.0.0.1", 80, healthy=True), "a: h at 10.0.0.1:80, healthy"),
        (RemoteCluster("a", "b", "s", "synced"), "a watches b: synced (s)"),
        (ControlPlane("a", (), "", (), ""), "a: no istiod"),
        (InjectedPod("a", "p", ("app",)), "a: p with app"),
        (NodeFact("a", "kubelet runs", holds=False), "node of a: kubelet runs: no"),
        (Unseen("a", "who", "lost"), "could not look from a: who: lost"),
    ],
)
def test_every_kind_of_observation_has_words(seen: Observation, words: str) -> None:
    """One line says who was asked what and what came back."""
    assert sight(seen) == words


def test_answers_to_one_question_share_a_line() -> None:
    """Twenty-one calls are one line with two answers."""
    first, second = replies("a", "b", "c", times=2)

    (line,) = sights([(first, 11), (second, 10)])

    assert line.startswith("a/sleep → http://httpbin:8000/hostname: ")
    assert line.endswith(": 200 b httpbin-b x11; 200 c httpbin-c x10")
