from typing import Any

from harness.dump import chosen
from harness.dump.pieces import Envoy, Log, Objects, Told
from harness.tests.topologies import multi_primary, primary_remote

TOPOLOGY = primary_remote()


def pod(  # noqa: PLR0913  # each is a way in which pods differ
    name: str,
    namespace: str = "sample",
    *,
    app: str = "httpbin",
    containers: tuple[str, ...] = ("httpbin", "istio-proxy"),
    restarts: int = 0,
    ready: bool = True,
) -> dict[str, Any]:
    """Return a pod whose containers run."""
    states = [
        {"name": each, "ready": ready, "restartCount": restarts, "state": {"running": {}}}
        for each in containers
    ]
    metadata = {"name": name, "namespace": namespace, "labels": {"app": app}}
    return {"metadata": metadata, "status": {"containerStatuses": states}}


def files(*pods: dict[str, Any]) -> list[str]:
    """Return where the pieces of these pods go."""
    return [piece.file for piece in chosen.of_pods(TOPOLOGY, pods)]


def test_only_a_primary_is_asked_by_istioctl() -> None:
    """A remote has no istiod that could say anything."""
    remote = next(cluster.name for cluster in TOPOLOGY.remotes)
    asked = {
        name: [each.what for each in chosen.standing(TOPOLOGY, name) if isinstance(each, Told)]
        for name in TOPOLOGY.names
    }

    assert [] == asked.pop(remote)
    assert [["remote-clusters", "proxy-status"]] == list(asked.values())
    both = multi_primary()
    assert all(isinstance(next(chosen.standing(both, name)), Told) for name in both.names)


def test_every_cluster_has_the_same_pieces_beside_that() -> None:
    """What is compared side by side is there on both sides, each in a file of its own."""
    one, other = (
        [each.file for each in chosen.standing(TOPOLOGY, name) if not isinstance(each, Told)]
        for name in TOPOLOGY.names
    )

    assert one == other
    assert len(set(one)) == len(one)
    wanted = {"pods", "events.txt", "services", "endpointslices", "nodes", "secrets.txt"}
    assert wanted <= set(one)


def test_no_piece_lists_secrets_as_objects() -> None:
    """Their values would be written with them."""
    kinds = [
        kind
        for piece in chosen.standing(TOPOLOGY, TOPOLOGY.names[0])
        if isinstance(piece, Objects)
        for kind in piece.kinds
    ]

    assert "Secret" not in kinds


def test_kinds_of_istio_and_of_the_load_balancer_are_taken_as_they_are_served() -> None:
    """Each API group in a piece of its own; a group that is not served has none."""
    kinds = [
        "Pod.v1",
        "Gateway.networking.istio.io/v1",
        "AuthorizationPolicy.security.istio.io/v1",
        "IPAddressPool.metallb.io/v1beta1",
        "Thing.notistio.io/v1",
    ]

    assert [
        Objects("istio", tuple(kinds[1:3])),
        Objects("metallb", tuple(kinds[3:4])),
    ] == list(chosen.defined(kinds))


def test_logs_and_proxies_of_the_path_are_taken() -> None:
    """Every container's log, and of proxies what they hold; istiod comes first."""
    found = files(
        pod("sleep-1", app="sleep", containers=("sleep", "istio-proxy")),
        pod("istiod-1", "istio-system", app="istiod", containers=("discovery",)),
    )

    assert [
        "logs/istio-system/istiod-1/discovery.log",
        "logs/sample/sleep-1/sleep.log",
        "logs/sample/sleep-1/istio-proxy.log",
        "proxies/sample/sleep-1/config_dump.json",
        "proxies/sample/sleep-1/clusters.txt",
        "proxies/sample/sleep-1/clusters.json",
    ] == found


def test_cluster_dns_and_the_load_balancer_are_on_the_path() -> None:
    """Names and addresses depend on them; other pods of their namespaces are on no path."""
    dns = pod("coredns-1", "kube-system", containers=("coredns",))
    dns["metadata"]["labels"] = {"k8s-app": "kube-dns"}
    speaker = pod("speaker-1", "metallb-system", app="metallb", containers=("speaker",))
    others = [
        pod("etcd", "kube-system", app="", containers=("etcd",)),
        pod("mine", app="mine"),
        pod("httpbin", "elsewhere"),
    ]

    assert [
        "logs/kube-system/coredns-1/coredns.log",
        "logs/metallb-system/speaker-1/speaker.log",
    ] == files(*others, dns, speaker)


def test_of_many_pods_those_that_are_not_ready_come_first() -> None:
    """A few of a kind are enough, and the ones in trouble are among them."""
    pods = [pod(f"httpbin-{n}", ready=n != 7, containers=("httpbin",)) for n in range(9)]

    found = files(*pods)

    assert len(found) == chosen.PODS_OF_A_KIND
    assert found[0] == "logs/sample/httpbin-7/httpbin.log"


def test_what_a_container_said_before_it_restarted_is_taken() -> None:
    """It tells why."""
    found = files(pod("httpbin-1", restarts=2, containers=("httpbin",)))

    assert [
        "logs/sample/httpbin-1/httpbin.log",
        "logs/sample/httpbin-1/httpbin.previous.log",
    ] == found


def test_a_container_that_never_ran_is_not_asked() -> None:
    """It has no log; events and the pod itself say why."""
    waits = pod("httpbin-1", containers=("httpbin",), ready=False)
    waits["status"]["containerStatuses"][0]["state"] = {"waiting": {"reason": "InvalidImageName"}}

    assert [] == files(waits, {"metadata": {"name": "new", "namespace": "istio-system"}})


def test_an_init_container_is_asked_when_it_did_not_succeed() -> None:
    """One that failed keeps the pod from starting; a sidecar is one that runs."""
    starts = pod("httpbin-1", containers=())
    starts["status"]["initContainerStatuses"] = [
        {"name": "done", "state": {"terminated": {"exitCode": 0}}},
        {"name": "istio-validation", "state": {"terminated": {"exitCode": 126}}},
        {"name": "istio-proxy", "state": {"running": {}}},
    ]

    pieces = list(chosen.of_pods(TOPOLOGY, [starts]))

    logs = [each.container for each in pieces if isinstance(each, Log)]
    assert ["istio-validation", "istio-proxy"] == logs
    assert len(chosen.ADMIN) == sum(isinstance(each, Envoy) for each in pieces)
