"""What istiods say of the proxies they serve, and what the proxies hold."""

from collections.abc import Iterator
import re
from typing import Any

from harness.errors import HarnessError
from harness.mesh import SYSTEM, Mesh
from harness.observation import Endpoint, Observation, ProxyConfig, ProxyState, Unseen
from harness.probes import pods
from harness.probes.together import together

_REJECTED = re.compile(r"^\S*update_rejected: (\d+)$", re.MULTILINE)
_ISTIO_EXTENSION = re.compile(
    r'"(istio\.(?:alpn|stats|metadata_exchange|istio_authn)[\w.]*|'
    r'envoy\.filters\.[\w.]*(?:metadata_exchange|peer_metadata|istio[\w.]*))"'
)
_TIMEOUT = 20


def expected(mesh: Mesh) -> dict[str, str]:
    """Return every proxy that must be served, as pod.namespace, and its cluster."""
    return {f"{pod}.{space}": cluster for cluster, pod, space in _proxies(mesh)}


def states(mesh: Mesh) -> list[Observation]:
    """Ask every primary's istiod for the proxies it serves."""
    seen: list[Observation] = []
    for primary in mesh.topology.primaries:
        try:
            rows = mesh.istioctl(primary.name).proxy_status()
        except HarnessError as cause:
            seen.append(Unseen(primary.name, "istioctl proxy-status", str(cause)))
            continue
        for row in rows:
            late = {kind: word for kind, word in row["types"].items() if word not in _SETTLED}
            detail = ", ".join(f"{kind} {word}" for kind, word in sorted(late.items()))
            istiod = f"{primary.name}/{row['istiod']}"
            seen.append(ProxyState(row["cluster"], row["proxy"], istiod, not late, detail))
    return seen


_SETTLED = {"SYNCED", "NOT_SENT", "UNKNOWN"}
"""NOT_SENT: the istiod has nothing of that kind for the proxy."""


def configs(mesh: Mesh) -> list[Observation]:
    """Ask every proxy which updates it rejected and which extensions its configuration names."""
    return together(lambda proxy: _config(mesh, *proxy), _proxies(mesh))


def endpoints(mesh: Mesh, source: str, service: str) -> list[Observation]:
    """Ask the Envoy of `source`'s sleep for the endpoints it holds of a service on port 8000."""
    cluster = f"outbound|8000||{service}"
    try:
        pod = pods.client(mesh, source)
        rows: list[dict[str, Any]] = mesh.istioctl(source).proxy_config(
            "endpoints", pod, mesh.topology.client_namespace, "--cluster", cluster
        )
    except HarnessError as cause:
        return [Unseen(source, f"the endpoints of {service}", str(cause))]
    return [
        Endpoint(source, service, address["address"], address["portValue"], _healthy(status))
        for row in rows
        for status in row.get("hostStatuses", ())
        if (address := status["address"].get("socketAddress"))
    ]


def _proxies(mesh: Mesh) -> Iterator[tuple[str, str, str]]:
    """Yield cluster, pod and namespace of every proxy: sidecars and gateways."""
    for cluster in mesh.topology.names:
        for app, namespace in mesh.topology.workloads.items():
            for pod in pods.running(mesh, cluster, app, namespace):
                yield cluster, pod, namespace
        for pod in pods.running(mesh, cluster, "istio-eastwestgateway", SYSTEM):
            yield cluster, pod, SYSTEM


def _config(mesh: Mesh, cluster: str, pod: str, namespace: str) -> Observation:
    name = f"{pod}.{namespace}"

    def ask(path: str) -> str:
        argv = ["pilot-agent", "request", "GET", path]
        done = mesh.kube(cluster).exec(pod, namespace, "istio-proxy", argv, timeout=_TIMEOUT)
        if done.code:
            raise HarnessError(f"pilot-agent request GET {path}: {done.stderr.strip()}")
        return done.stdout

    try:
        stats, dump = together(ask, ("stats?filter=update_rejected", "config_dump"))
    except HarnessError as cause:
        return Unseen(cluster, f"the configuration of {name}", str(cause))
    counters = [int(count) for count in _REJECTED.findall(stats)]
    if not counters:
        return Unseen(cluster, f"the configuration of {name}", "no counter of rejected updates")
    extensions = tuple(sorted(set(_ISTIO_EXTENSION.findall(dump))))
    return ProxyConfig(cluster, name, sum(counters), extensions)


def _healthy(status: dict[str, Any]) -> bool:
    health = status.get("healthStatus", {})
    return bool(health.get("edsHealthStatus", "HEALTHY") == "HEALTHY")
