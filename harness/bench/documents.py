"""The document's own order of primary-remote on one network (003), for this stack.

The commands are kind's, kubectl's and istioctl's, one after the other, each with the wait that the
document or its tool gives it: MetalLB with its webhook, the gateway as an installation of its own
at the chart's own pace, a look at its address until it has one, one exec for each call.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from harness import operators
from harness.access import Manifest
from harness.addresses import AddressRange
from harness.bench.sequence import Command, Phase
from harness.mesh import GATEWAY, SYSTEM
from harness.settings import Settings
from harness.steps import gateway, load_balancer, workloads
from harness.topology import Cluster, Topology

CLUSTERS, LOAD_BALANCER, PRIMARY = "clusters", "load balancer", "primary"
GATEWAY_PHASE, REMOTE, SECRET, WORKLOADS = "gateway", "remote", "secret", "workloads"
MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Site:
    """What the document leaves to its reader: programs, clusters' files and addresses.

    Each mapping goes by the cluster's name in the topology.
    """

    kind: Path
    kubectl: Path
    istioctl: Path
    metallb: Path
    kubeconfig: Path
    """One file with a context for each cluster."""
    kind_names: Mapping[str, str]
    kind_configs: Mapping[str, Manifest]
    node_image: str
    pools: Mapping[str, AddressRange]
    copies: Mapping[str, tuple[Path, Path]] = field(default_factory=dict)
    """Where each node's images are copied from and to before it starts; none where they are."""


class DocumentsOrder:
    """The commands for one topology, settings and site; a pure value, nothing is run here."""

    def __init__(self, topology: Topology, settings: Settings, site: Site) -> None:
        self._topology, self._settings, self._site = topology, settings, site
        self._primary, self._remote = topology.primaries[0], topology.remotes[0]

    def phases(self) -> tuple[Phase, ...]:
        """Return all phases up to running workloads."""
        return (
            Phase(CLUSTERS, tuple(self._clusters())),
            Phase(LOAD_BALANCER, tuple(self._load_balancers())),
            Phase(PRIMARY, (self._install_primary(),)),
            Phase(GATEWAY_PHASE, tuple(self._gateway())),
            Phase(REMOTE, tuple(self._install_remote())),
            Phase(SECRET, tuple(self._attach())),
            Phase(WORKLOADS, tuple(self._workloads())),
        )

    def matrix(self, times: int) -> Phase:
        """Return `times` calls of httpbin from each cluster's sleep, one exec each."""
        space, url = self._topology.client_namespace, f"http://{self._topology.server}:8000"
        call = ("exec", "deploy/sleep", "-c", "sleep", "--", "curl", "-sS", "-m", "5")
        return Phase(
            MATRIX,
            tuple(
                self._kubectl(
                    cluster, "-n", space, *call, f"{url}/hostname", saves=reply_name(cluster, nth)
                )
                for cluster in self._topology.clusters
                for nth in range(times)
            ),
        )

    def homes(self) -> tuple[Command, ...]:
        """Return what tells which pods of httpbin each cluster runs."""
        space, names = self._topology.server_namespace, "-ojsonpath={.items[*].metadata.name}"
        pods = ("-n", space, "get", "pods", "-lapp=httpbin", names)
        return tuple(
            self._kubectl(each, *pods, saves=homes_name(each)) for each in self._topology.clusters
        )

    def _clusters(self) -> Iterable[Command]:
        site = self._site
        for cluster in self._topology.clusters:
            name = site.kind_names[cluster.name]
            if cluster.name in site.copies:
                images, own = site.copies[cluster.name]
                yield Command(("cp", "-a", f"{images}/.", str(own)))
            yield Command(
                (
                    *(str(site.kind), "create", "cluster", "--quiet", "--name", name),
                    *("--image", site.node_image, "--config", "-", "--wait", "120s"),
                    *("--kubeconfig", str(site.kubeconfig)),
                ),
                _written(site.kind_configs[cluster.name]),
            )
        for cluster in self._topology.clusters:
            template = "{{.NetworkSettings.Networks.kind.IPAddress}}"
            inspect = ("docker", "inspect", "--format", template, self._node(cluster))
            yield Command(inspect, saves=_address_name(cluster))
        for cluster in self._topology.clusters:
            for other in self._topology.neighbours(cluster.name):
                via = f"${{{_address_name(other)}}}"
                route = ("ip", "route", "add", str(other.pods), "via", via)
                yield Command(("docker", "exec", self._node(cluster), *route))

    def _load_balancers(self) -> Iterable[Command]:
        for cluster in self._topology.clusters:
            yield self._kubectl(cluster, "apply", "-f", str(self._site.metallb))
            everything = ("pod", "--all", "--for=condition=Ready", "--timeout=120s")
            yield self._kubectl(cluster, "-n", load_balancer.NAMESPACE, "wait", *everything)
            pool = load_balancer.pool(self._site.pools[cluster.name])
            # its webhook refuses to answer for a while
            yield self._apply(cluster, *pool, awaits=True)

    def _install_primary(self) -> Command:
        operator = operators.primary(self._topology, self._settings, self._primary, None)
        # the gateway is an installation of its own, and the default profile's own one stays
        spec = {key: value for key, value in operator["spec"].items() if key != "components"}
        return self._install(self._primary, {**operator, "spec": spec})

    def _gateway(self) -> Iterable[Command]:
        operator = operators.gateway(self._topology, self._settings, self._primary, None)
        (component,) = operator["spec"]["components"]["ingressGateways"]
        del component["k8s"]["readinessProbe"]
        yield self._install(self._primary, operator)
        where = ("-n", SYSTEM, "get", "svc", GATEWAY)
        address = "-ojsonpath={.status.loadBalancer.ingress[0].ip}"
        yield self._kubectl(self._primary, *where, address, saves="DISCOVERY_ADDRESS", awaits=True)
        yield self._apply(self._primary, *gateway.exposed_istiod(self._topology.revision))

    def _install_remote(self) -> Iterable[Command]:
        yield self._kubectl(self._remote, "create", "namespace", SYSTEM)
        annotation = f"topology.istio.io/controlPlaneClusters={self._primary.name}"
        yield self._kubectl(self._remote, "annotate", "namespace", SYSTEM, annotation)
        operator = operators.remote(
            self._topology, self._settings, self._remote, "${DISCOVERY_ADDRESS}"
        )
        yield self._install(self._remote, operator)

    def _attach(self) -> Iterable[Command]:
        server = f"--server=https://${{{_address_name(self._remote)}}}:6443"
        create = ("create-remote-secret", f"--name={self._remote.name}", server)
        yield self._istioctl(self._remote, *create, saves="REMOTE_SECRET")
        yield self._kubectl(self._primary, "apply", "-f", "-", stdin="${REMOTE_SECRET}")

    def _workloads(self) -> Iterable[Command]:
        space, settings = self._topology.server_namespace, self._settings
        for cluster in self._topology.clusters:
            yield self._kubectl(cluster, "create", "namespace", space)
            yield self._kubectl(cluster, "label", "namespace", space, "istio-injection=enabled")
            yield self._apply(
                cluster,
                workloads.service_account("httpbin", space),
                workloads.httpbin_service(space),
                workloads.httpbin(settings, space),
            )
            account = workloads.service_account("sleep", space)
            yield self._apply(cluster, account, workloads.sleep(settings, space))
        for cluster in self._topology.clusters:
            for name in ("httpbin", "sleep"):
                status = ("rollout", "status", f"deploy/{name}", "--timeout=120s")
                yield self._kubectl(cluster, "-n", space, *status)

    def _node(self, cluster: Cluster) -> str:
        return f"{self._site.kind_names[cluster.name]}-control-plane"

    def _apply(self, cluster: Cluster, *manifests: Manifest, awaits: bool = False) -> Command:
        return self._kubectl(cluster, "apply", "-f", "-", stdin=_written(*manifests), awaits=awaits)

    def _install(self, cluster: Cluster, operator: Manifest) -> Command:
        return self._istioctl(cluster, "install", "-y", "-f", "-", stdin=_written(operator))

    def _kubectl(
        self,
        cluster: Cluster,
        *words: str,
        stdin: str = "",
        saves: str = "",
        awaits: bool = False,
    ) -> Command:
        argv = (str(self._site.kubectl), *self._context(cluster), *words)
        return Command(argv, stdin, saves, awaits)

    def _istioctl(self, cluster: Cluster, *words: str, stdin: str = "", saves: str = "") -> Command:
        return Command((str(self._site.istioctl), *words, *self._context(cluster)), stdin, saves)

    def _context(self, cluster: Cluster) -> tuple[str, str]:
        context = f"--context=kind-{self._site.kind_names[cluster.name]}"
        return f"--kubeconfig={self._site.kubeconfig}", context


def reply_name(cluster: Cluster, nth: int) -> str:
    """Return the name by which the nth reply to a cluster's sleep goes."""
    return f"REPLY_{_word(cluster)}_{nth}"


def homes_name(cluster: Cluster) -> str:
    """Return the name by which the pods of a cluster's httpbin go."""
    return f"HOMES_{_word(cluster)}"


def _address_name(cluster: Cluster) -> str:
    return f"NODE_{_word(cluster)}"


def _word(cluster: Cluster) -> str:
    return cluster.name.upper().replace("-", "_")


def _written(*manifests: Manifest) -> str:
    return yaml.safe_dump_all(manifests, sort_keys=False)
