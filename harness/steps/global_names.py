"""ServiceEntries for names below `.global`: how replicated control planes know of each other.

In every cluster the clients' namespace holds an entry that leads to the other clusters' gateways.
Old gateways rewrote `.global` into the internal name; today's do not, so either the serving cluster
holds a twin of the entry over its own pods, or the client asks for the internal name by SNI. Each
entry is seen only where it is meant: a cluster may serve and call the same name.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, ClassVar

from harness.access import Manifest
from harness.global_dns import allocate
from harness.mesh import SYSTEM, Layer, Mesh
from harness.steps.gateway import gateway_address
from harness.steps.workloads import PORT
from harness.topology import GlobalForm, Topology

NETWORKING = "networking.istio.io/v1"
PASSTHROUGH = 15443


@dataclass(frozen=True, slots=True)
class CallGlobalNames:
    """The cluster's clients are led to the other clusters' gateways."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"declare the .global names that {self.cluster} calls"

    def __call__(self, mesh: Mesh) -> None:
        topology = mesh.topology
        host = global_name(topology)
        gateways = [
            str(mesh.planned_gateway(name) or gateway_address(mesh, name))
            for name in sorted(topology.reach(self.cluster)[host])
        ]
        objects = [called(topology, host, allocate([host])[host], gateways)]
        if topology.global_form is GlobalForm.REWRITE:
            objects.append(rewritten(topology, host))
        mesh.kube(self.cluster).apply(*objects)


@dataclass(frozen=True, slots=True)
class ServeGlobalNames:
    """The cluster's gateway finds its own pods by their `.global` name."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"declare the .global names that {self.cluster} serves"

    def __call__(self, mesh: Mesh) -> None:
        mesh.kube(self.cluster).apply(served(mesh.topology, global_name(mesh.topology)))


def global_name(topology: Topology) -> str:
    """Return httpbin's name below `.global`: name.namespace.global."""
    return f"{topology.server}.global"


def called(topology: Topology, host: str, address: IPv4Address, gateways: list[str]) -> Manifest:
    """Return the entry of a client: the host, its address in 240.0.0.0/16, the way to it."""
    endpoints = [
        {
            "address": gateway,
            "ports": {"http": PASSTHROUGH},
            # nothing tells that the other end speaks mutual TLS, so it is said
            "labels": {"security.istio.io/tlsMode": "istio"},
        }
        for gateway in gateways
    ]
    ports = [{"name": "http", "number": PORT, "protocol": "HTTP"}]
    spec = {"addresses": [str(address)], "endpoints": endpoints, "ports": ports, "exportTo": ["."]}
    return _entry(host, topology.client_namespace, spec)


def served(topology: Topology, host: str) -> Manifest:
    """Return the twin of a server: the same host over its own pods, for its gateway's eyes."""
    ports = [{"name": "http", "number": PORT, "protocol": "HTTP", "targetPort": 8080}]
    spec = {
        "workloadSelector": {"labels": {"app": "httpbin"}},
        "ports": ports,
        "exportTo": [SYSTEM],
    }
    return _entry(host, topology.server_namespace, spec)


def rewritten(topology: Topology, host: str) -> Manifest:
    """Return the rule by which a client asks the gateway for the internal name."""
    internal = f"{topology.server}.svc.cluster.local"
    tls = {"mode": "ISTIO_MUTUAL", "sni": f"outbound_.{PORT}_._.{internal}"}
    return {
        "apiVersion": NETWORKING,
        "kind": "DestinationRule",
        "metadata": {"name": "httpbin-global", "namespace": topology.client_namespace},
        "spec": {"host": host, "exportTo": ["."], "trafficPolicy": {"tls": tls}},
    }


def _entry(host: str, namespace: str, spec: dict[str, Any]) -> Manifest:
    common = {"hosts": [host], "location": "MESH_INTERNAL", "resolution": "STATIC"}
    return {
        "apiVersion": NETWORKING,
        "kind": "ServiceEntry",
        "metadata": {"name": "httpbin-global", "namespace": namespace},
        "spec": common | spec,
    }
