"""The east-west gateway: its address, what it exposes, and its installation in a remote."""

from dataclasses import dataclass
import socket
from typing import Any, ClassVar

from harness import operators
from harness.access import Manifest
from harness.errors import NotYet, UsageError
from harness.mesh import GATEWAY, SYSTEM, Layer, Mesh
from harness.patience import until
from harness.topology import Discovery, GlobalForm, Topology

SELECTOR = {"istio": "eastwestgateway"}
NETWORKING = "networking.istio.io/v1"


@dataclass(frozen=True, slots=True)
class InstallGateway:
    """An east-west gateway runs in a cluster whose istiod, its own or its primary's, is there."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 180

    def __str__(self) -> str:
        return f"install the east-west gateway of {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        operator = operators.gateway(
            mesh.topology,
            mesh.settings,
            mesh.topology[self.cluster],
            mesh.planned_gateway(self.cluster),
        )
        mesh.istioctl(self.cluster).install(operator, timeout=self.seconds)


@dataclass(frozen=True, slots=True)
class AwaitGatewayAddress:
    """The gateway has the address that was planned, or any one where none was."""

    cluster: str
    layer: ClassVar[Layer] = Layer.BENCH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"await the address of {self.cluster}'s gateway"

    def __call__(self, mesh: Mesh) -> None:
        planned = mesh.planned_gateway(self.cluster)

        def has_address() -> None:
            address = gateway_address(mesh, self.cluster)
            if planned and address != str(planned):
                raise NotYet(f"it has {address}, {planned} was planned")

        until(f"{self.cluster}: its gateway has an address", has_address, self.seconds)


@dataclass(frozen=True, slots=True)
class ExposeIstiod:
    """The gateway passes the primary's istiod on to the remotes (15012 and 15017)."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"expose the istiod of {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        mesh.kube(self.cluster).apply(*exposed_istiod(mesh.topology.revision))


@dataclass(frozen=True, slots=True)
class ExposeServices:
    """The gateway passes mutual TLS on to the cluster's services (15443)."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"expose the services of {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        mesh.kube(self.cluster).apply(exposed_services(mesh.topology))


def gateway_address(mesh: Mesh, cluster: str) -> str:
    """Return the address the gateway's Service has; raises NotYet while it has none.

    A host name is looked up, but for a primary with remotes that is to be asked for: with
    UsageError otherwise, since a remote would turn the name into an ExternalName Service, which
    no API server calls a webhook through, so no pod would ever be injected.
    """
    service = mesh.kube(cluster).get("Service", GATEWAY, SYSTEM)
    if service is None:
        raise NotYet(f"Service {GATEWAY} is not there")
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}]
    if hostname := ingress[0].get("hostname"):
        if mesh.settings.resolve_gateway or not mesh.topology.remotes_of(cluster):
            return resolved(hostname)
        raise UsageError(
            f"{cluster}: its gateway's address is the host name {hostname}, and remotes take only "
            "an address (the API server calls no webhook through an ExternalName Service): use a "
            "load balancer with fixed addresses, or `--resolve-gateway` to look it up first"
        )
    if not (address := ingress[0].get("ip")):
        raise NotYet("EXTERNAL-IP is pending")
    return str(address)


def resolved(hostname: str) -> str:
    """Return an IPv4 address that the name has just now; raises NotYet while it has none."""
    try:
        found = socket.getaddrinfo(hostname, None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError as problem:
        raise NotYet(f"{hostname} has no address: {problem.strerror}") from problem
    return min(str(address[0]) for *_, address in found)


def exposed_istiod(revision: str) -> tuple[Manifest, Manifest]:
    """Return the Gateway and VirtualService that lead to istiod, or to that of the revision."""
    istiod = f"istiod-{revision}" if revision else "istiod"
    hosts = [f"{istiod}.{SYSTEM}.svc", f"{istiod}.{SYSTEM}.svc.cluster.local"]
    names = hosts if revision else ["*"]
    ports = {"tls-istiod": (15012, 15012), "tls-istiodwebhook": (15017, 443)}
    return (
        _gateway(
            "istiod-gateway",
            [
                {
                    "port": {"name": name, "number": port, "protocol": "TLS"},
                    "tls": {"mode": "PASSTHROUGH"},
                    "hosts": names,
                }
                for name, (port, _) in ports.items()
            ],
        ),
        {
            "apiVersion": NETWORKING,
            "kind": "VirtualService",
            "metadata": {"name": "istiod-vs", "namespace": SYSTEM},
            "spec": {
                "hosts": names,
                "gateways": ["istiod-gateway"],
                "tls": [
                    {
                        "match": [{"port": port, "sniHosts": names}],
                        "route": [{"destination": {"host": hosts[1], "port": {"number": inner}}}],
                    }
                    for port, inner in ports.values()
                ],
            },
        },
    )


def exposed_services(topology: Topology) -> Manifest:
    """Return the Gateway that passes on `*.local`, or `*.global` for the twin form."""
    twin = topology.discovery is Discovery.GLOBAL_NAMES and topology.global_form is GlobalForm.TWIN
    server = {
        "port": {"name": "tls", "number": 15443, "protocol": "TLS"},
        "tls": {"mode": "AUTO_PASSTHROUGH"},
        "hosts": ["*.global" if twin else "*.local"],
    }
    return _gateway("cross-network-gateway", [server])


def _gateway(name: str, servers: list[dict[str, Any]]) -> Manifest:
    return {
        "apiVersion": NETWORKING,
        "kind": "Gateway",
        "metadata": {"name": name, "namespace": SYSTEM},
        "spec": {"selector": SELECTOR, "servers": servers},
    }
