"""IstioOperator files as values: what istioctl is given for a primary, a remote and a gateway.

Pure: a topology and settings in, a manifest out. How the documents spell a primary that serves
remotes changed between versions; `SPELLINGS` is the table of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from harness.errors import UsageError
from harness.settings import Settings
from harness.topology import Cluster, Resolver, Spelling, Topology

Values = dict[str, Any]

GATEWAY_PORTS = {"status-port": 15021, "tls": 15443, "tls-istiod": 15012, "tls-webhook": 15017}


@dataclass(frozen=True, slots=True)
class Spelled:
    """From which Istio version on (major, minor) a spelling does what it says."""

    since: tuple[int, int]
    primary: Mapping[str, Any]
    """Values of a primary that serves remotes."""
    remote_names_itself: bool = False
    """Whether a remote's values say its mesh, cluster and network, beside the injection path."""


_ENVIRONMENT = {"pilot": {"env": {"EXTERNAL_ISTIOD": "true"}}}
SPELLINGS: Mapping[Spelling, Spelled] = {
    Spelling.ENVIRONMENT: Spelled((1, 10), _ENVIRONMENT),
    # before 1.24 the chart ignores the value: the primary would silently never adopt a remote
    Spelling.VALUE: Spelled((1, 24), {"global": {"externalIstiod": True}}),
    Spelling.REMOTE_VALUES: Spelled((1, 10), _ENVIRONMENT, remote_names_itself=True),
}


def ignored(topology: Topology, istio: str) -> str:
    """Return why this Istio cannot be what the topology describes; empty when it can."""
    major, minor = (int(part) for part in istio.split(".")[:2])
    since = SPELLINGS[topology.spelling].since
    if (major, minor) >= since or not topology.remotes:
        return ""
    return (
        f"spelling {topology.spelling} does nothing in Istio {istio}: "
        f"it is read from {since[0]}.{since[1]} on"
    )


def spelled(topology: Topology, settings: Settings) -> Spelled:
    """Return the topology's spelling; raises UsageError if the Istio version ignores it."""
    if reason := ignored(topology, settings.versions.istio):
        raise UsageError(f"{topology.name}: {reason}; use `spelling: {Spelling.ENVIRONMENT}`")
    return SPELLINGS[topology.spelling]


def merge(*layers: Mapping[str, Any]) -> Values:
    """Return the mappings laid over each other, later ones winning; shares no mapping with them."""
    merged: Values = {}
    for layer in layers:
        for key, value in layer.items():
            if isinstance(value, Mapping):
                below = merged.get(key)
                merged[key] = merge(below if isinstance(below, dict) else {}, value)
            else:
                merged[key] = value
    return merged


def primary(
    topology: Topology, settings: Settings, cluster: Cluster, address: IPv4Address | None
) -> Values:
    """Return the primary's file, its east-west gateway within if the topology wants one."""
    gateways = [{"name": "istio-ingressgateway", "enabled": False}]
    if topology.has_gateway(cluster.name):
        gateways.append(gateway_component(topology, cluster, address))
    serves = spelled(topology, settings).primary if topology.remotes_of(cluster.name) else {}
    return _operator(
        topology,
        {
            "meshConfig": _mesh_config(topology),
            # the chart looks every 3 s
            "components": {
                "pilot": {"k8s": {"readinessProbe": _probe("/ready", 8080)}},
                "ingressGateways": gateways,
            },
            "values": merge(
                _images(settings),
                _lean(settings),
                _GATEWAY_INJECTION,
                {"global": _names(settings, cluster)},
                serves,
            ),
        },
    )


def remote(
    topology: Topology, settings: Settings, cluster: Cluster, discovery_address: str
) -> Values:
    """Return a remote's file: no istiod, but webhook and Service that lead to the primary's."""
    # a plain /inject would give the remote's sidecars the name and network of the primary
    injector = {"injectionPath": f"/inject/cluster/{cluster.name}/net/{cluster.network}"}
    itself = spelled(topology, settings).remote_names_itself
    names = _names(settings, cluster) if itself else {}
    reached = {"remotePilotAddress": discovery_address}
    return _operator(
        topology,
        {
            "profile": "remote",
            "values": merge(
                _images(settings),
                {"istiodRemote": injector, "global": merge(_SMALL_PROXY, names, reached)},
            ),
        },
    )


def gateway(
    topology: Topology, settings: Settings, cluster: Cluster, address: IPv4Address | None
) -> Values:
    """Return the file of an east-west gateway alone, as gen-eastwest-gateway.sh describes it."""
    operator = _operator(
        topology,
        {
            "profile": "empty",
            "components": {"ingressGateways": [gateway_component(topology, cluster, address)]},
            "values": merge(
                _images(settings), _GATEWAY_INJECTION, {"global": {"network": cluster.network}}
            ),
        },
    )
    operator["metadata"] = {"name": "eastwest"}
    return operator


def gateway_component(topology: Topology, cluster: Cluster, address: IPv4Address | None) -> Values:
    """Return the gateway as a component; it asks its load balancer for `address` if there is one.

    It carries the ports of services (15443) and of istiod (15012, 15017) alike.
    """
    component: Values = {
        "name": "istio-eastwestgateway",
        "enabled": True,
        "label": {
            "istio": "eastwestgateway",
            "app": "istio-eastwestgateway",
            "topology.istio.io/network": cluster.network,
        },
        "k8s": {
            "env": [{"name": "ISTIO_META_REQUESTED_NETWORK_VIEW", "value": cluster.network}],
            "resources": {"requests": {"cpu": "10m", "memory": "40Mi"}},
            # the chart looks every 15 s, and a gateway is up in two
            "readinessProbe": _probe("/healthz/ready", 15021),
            "service": {
                "ports": [
                    {"name": name, "port": port, "targetPort": port}
                    for name, port in GATEWAY_PORTS.items()
                ]
            },
        },
    }
    if topology.revision:
        component["label"]["istio.io/rev"] = topology.revision
    if address is not None:
        component["k8s"]["serviceAnnotations"] = {"metallb.io/loadBalancerIPs": str(address)}
    return component


_GATEWAY_INJECTION: Values = {
    "gateways": {"istio-ingressgateway": {"injectionTemplate": "gateway"}}
}
_SMALL_PROXY: Values = {"proxy": {"resources": {"requests": {"cpu": "10m", "memory": "40Mi"}}}}


def _probe(path: str, port: int) -> Values:
    return {
        "httpGet": {"path": path, "port": port, "scheme": "HTTP"},
        "periodSeconds": 1,
        "timeoutSeconds": 3,
        "failureThreshold": 60,
    }


def _operator(topology: Topology, spec: Values) -> Values:
    if topology.revision:
        spec = {"revision": topology.revision, **spec}
    return {"apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator", "spec": spec}


def _names(settings: Settings, cluster: Cluster) -> Values:
    return {
        "meshID": settings.mesh_id,
        "multiCluster": {"clusterName": cluster.name},
        "network": cluster.network,
    }


def _images(settings: Settings) -> Values:
    return {
        "global": {
            "hub": settings.images.istio_hub,
            "tag": settings.images.istio_tag,
            "imagePullPolicy": "IfNotPresent",
        }
    }


def _lean(settings: Settings) -> Values:
    small: Values = {
        "pilot": {"resources": {"requests": {"cpu": "50m", "memory": "128Mi"}}},
        "global": _SMALL_PROXY,
    }
    if not settings.upstream_envoy:
        return small
    # upstream Envoy has none of Istio's own extensions and would reject what names them
    switches = {
        "PILOT_ENABLE_METADATA_EXCHANGE": "false",
        "PILOT_ENABLE_ALPN_FILTER": "false",
    }
    return merge(small, {"telemetry": {"enabled": False}, "pilot": {"env": switches}})


def _mesh_config(topology: Topology) -> Values:
    local = {
        "settings": {"clusterLocal": True},
        "hosts": [f"{topology.local_server}.svc.cluster.local"],
    }
    config: Values = {
        "accessLogFile": "/dev/stdout",
        "defaultProviders": {"metrics": []},
        "serviceSettings": [local],
    }
    if topology.resolver is Resolver.PROXY:
        config["defaultConfig"] = {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}
    return config
