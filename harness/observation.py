"""What was asked of a mesh, from where, and what came back: frozen values, JSON both ways.

An answer that shows something wrong (a 503, a time-out inside the pod, NXDOMAIN) is an observation
like any other; `Unseen` is for a question that could not be put at all. Nothing here holds a
secret.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One HTTP call from a client pod: the status, and which cluster's pod answered.

    `status` is 0 when no response came; `error` then holds curl's words and `curl_exit` its code.
    `client_identity` and `server_identity` are the SPIFFE ids of X-Forwarded-Client-Cert, where
    the call asked for them.
    """

    source: str
    url: str
    status: int
    pod: str = ""
    cluster: str = ""
    error: str = ""
    curl_exit: int = 0
    client_identity: str = ""
    server_identity: str = ""
    client: str = "sleep"
    kind: Literal["http"] = "http"


@dataclass(frozen=True, slots=True)
class DnsReply:
    """One DNS question and its answer; `answers` are addresses in text, `ttl` is in seconds."""

    source: str
    name: str
    rdtype: str
    rcode: str
    answers: tuple[str, ...] = ()
    ttl: int | None = None
    transport: Literal["udp", "tcp"] = "udp"
    server: str = ""
    kind: Literal["dns"] = "dns"


@dataclass(frozen=True, slots=True)
class ProxyState:
    """What an istiod says of one proxy it serves (istioctl proxy-status)."""

    cluster: str
    proxy: str
    istiod: str
    synced: bool
    detail: str = ""
    kind: Literal["proxy"] = "proxy"


@dataclass(frozen=True, slots=True)
class ProxyConfig:
    """What one Envoy holds: updates it rejected, and extensions that upstream Envoy lacks."""

    cluster: str
    proxy: str
    rejected_updates: int
    istio_extensions: tuple[str, ...]
    version: str = ""
    kind: Literal["proxy-config"] = "proxy-config"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint that a client's Envoy holds for a service (EDS), and its health."""

    source: str
    host: str
    address: str
    port: int
    healthy: bool
    kind: Literal["endpoint"] = "endpoint"


@dataclass(frozen=True, slots=True)
class RemoteCluster:
    """One row of `istioctl remote-clusters`: a cluster that an istiod watches."""

    primary: str
    cluster: str
    secret: str
    status: str
    kind: Literal["remote-cluster"] = "remote-cluster"


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """What stands in one cluster's istio-system: running istiods, the injector, the mesh root.

    `injector_service` is `namespace/name/path` of the webhook's client config or its URL,
    `endpoints` the addresses behind Service istiod, `root` the SHA-256 of `istio-ca-root-cert`.
    """

    cluster: str
    istiods: tuple[str, ...]
    injector_service: str
    endpoints: tuple[str, ...]
    root: str
    annotation: str = ""
    kind: Literal["control-plane"] = "control-plane"


@dataclass(frozen=True, slots=True)
class InjectedPod:
    """One pod's containers, and the cluster and istiod its sidecar was told to use."""

    cluster: str
    pod: str
    containers: tuple[str, ...]
    cluster_id: str = ""
    network: str = ""
    discovery_address: str = ""
    kind: Literal["pod"] = "pod"


@dataclass(frozen=True, slots=True)
class NodeFact:
    """One thing seen on a node: what was asked, whether it holds, and the words seen."""

    cluster: str
    question: str
    holds: bool
    seen: str = ""
    kind: Literal["node"] = "node"


@dataclass(frozen=True, slots=True)
class Inventory:
    """The names of all that a cluster held at one moment: `KIND.API NAMESPACE/NAME`, sorted."""

    cluster: str
    moment: Literal["before", "after"]
    objects: tuple[str, ...]
    kind: Literal["inventory"] = "inventory"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A question that could not be put: nothing is known, neither good nor bad."""

    source: str
    question: str
    reason: str
    kind: Literal["unseen"] = "unseen"


Observation = (
    HttpReply
    | DnsReply
    | ProxyState
    | ProxyConfig
    | Endpoint
    | RemoteCluster
    | ControlPlane
    | InjectedPod
    | NodeFact
    | Inventory
    | Unseen
)
