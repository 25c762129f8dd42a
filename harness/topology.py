"""Clusters, networks and who controls whom: data, and everything that follows from it.

A topology performs nothing and knows no address of a live cluster. Roles are derived, not stored:
a cluster is a primary because it names itself (or nobody) as its primary.
"""

from enum import StrEnum
from ipaddress import IPv4Network

from harness.settings import Frozen


class Spelling(StrEnum):
    """How the documents spell a primary that serves remotes, and the remotes themselves."""

    ENVIRONMENT = "environment"
    """`values.pilot.env.EXTERNAL_ISTIOD`, remotes with `injectionPath` (today's documents)."""
    VALUE = "value"
    """`values.global.externalIstiod`, remotes with `injectionPath`."""
    REMOTE_VALUES = "remote-values"
    """`values.pilot.env.EXTERNAL_ISTIOD`, remotes with meshID, clusterName and network."""


class Root(StrEnum):
    """Where the clusters' certificate authorities come from."""

    OWN = "own"
    """Each istiod signs with a root that it made itself."""
    SHARED = "shared"
    """One root, and an intermediate of it for each cluster, in `cacerts` before istiod starts."""


class KeyType(StrEnum):
    """The kind of key the root and the intermediates have."""

    EC = "ec"
    RSA = "rsa"


class Discovery(StrEnum):
    """How a cluster comes to know the services of the others."""

    REMOTE_SECRETS = "remote-secrets"
    """Every istiod watches the other clusters' API servers."""
    GLOBAL_NAMES = "global-names"
    """Nobody watches anybody: `name.namespace.global` by ServiceEntry, gateway and DNS stub."""


class GlobalForm(StrEnum):
    """How today's Istio is brought to route `.global` names as replicated control planes did."""

    TWIN = "twin"
    """The serving cluster holds a ServiceEntry of the same name over its own pods."""
    REWRITE = "rewrite"
    """The client's DestinationRule asks for the internal name by SNI; the server holds nothing."""


class Resolver(StrEnum):
    """Who answers for names that Kubernetes does not know."""

    NONE = "none"
    STUB = "stub"
    """A stub block in each cluster's CoreDNS, forwarding to a resolver of `.global`."""
    PROXY = "proxy"
    """Istio's DNS proxy in every sidecar."""


class Cluster(Frozen):
    """One cluster: `primary` names the cluster whose istiod serves it, by default its own."""

    name: str
    network: str
    primary: str
    pods: IPv4Network
    services: IPv4Network

    @property
    def is_primary(self) -> bool:
        """Whether it runs an istiod of its own."""
        return self.primary == self.name

    @property
    def is_remote(self) -> bool:
        """Whether another cluster's istiod serves it."""
        return not self.is_primary


class Topology(Frozen):
    """The clusters of one mesh and how they are joined."""

    name: str
    title: str
    clusters: tuple[Cluster, ...]
    document: str = ""
    """Which of the documents describes this form, and what had to be done differently."""
    spelling: Spelling = Spelling.ENVIRONMENT
    revision: str = ""
    root: Root = Root.OWN
    key_type: KeyType = KeyType.EC
    discovery: Discovery = Discovery.REMOTE_SECRETS
    global_form: GlobalForm = GlobalForm.TWIN
    resolver: Resolver = Resolver.NONE

    def __getitem__(self, name: str) -> Cluster:
        """Return the cluster of that name."""
        return next(cluster for cluster in self.clusters if cluster.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The clusters' names, in the file's order."""
        return tuple(cluster.name for cluster in self.clusters)

    @property
    def primaries(self) -> tuple[Cluster, ...]:
        """The clusters that run an istiod."""
        return tuple(cluster for cluster in self.clusters if cluster.is_primary)

    @property
    def remotes(self) -> tuple[Cluster, ...]:
        """The clusters that another one's istiod serves."""
        return tuple(cluster for cluster in self.clusters if cluster.is_remote)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks' names, each once, in the file's order."""
        return tuple(dict.fromkeys(cluster.network for cluster in self.clusters))

    @property
    def crosses_networks(self) -> bool:
        """Whether some pods can reach others only through gateways."""
        return len(self.networks) > 1

    def neighbours(self, name: str) -> tuple[Cluster, ...]:
        """Return the other clusters of the same network: pods reach each other directly."""
        return tuple(
            other
            for other in self.clusters
            if other.name != name and other.network == self[name].network
        )

    def remotes_of(self, primary: str) -> tuple[Cluster, ...]:
        """Return the remotes that this primary serves."""
        return tuple(cluster for cluster in self.remotes if cluster.primary == primary)

    def watched_by(self, primary: str) -> tuple[Cluster, ...]:
        """Return the other clusters whose API servers this primary's istiod watches."""
        if self.discovery is Discovery.GLOBAL_NAMES:
            return self.remotes_of(primary)
        return tuple(cluster for cluster in self.clusters if cluster.name != primary)

    def exposes_istiod(self, name: str) -> bool:
        """Whether the cluster's gateway must carry istiod to remotes."""
        return bool(self.remotes_of(name))

    def exposes_services(self, name: str) -> bool:
        """Whether the cluster's gateway must carry services to other networks."""
        return self.crosses_networks and name in self.names

    def has_gateway(self, name: str) -> bool:
        """Whether the cluster needs an east-west gateway."""
        return self.exposes_istiod(name) or self.exposes_services(name)

    def gateway_ports(self, name: str) -> tuple[int, ...]:
        """Return the ports that the cluster's gateway must carry; none without a gateway."""
        istiod = (15012, 15017) if self.exposes_istiod(name) else ()
        return (*istiod, 15443) if self.exposes_services(name) else istiod

    @property
    def client_namespace(self) -> str:
        """Where sleep lives: `sample`, or `foo` as the `.global` document has it."""
        return "foo" if self.discovery is Discovery.GLOBAL_NAMES else "sample"

    @property
    def server_namespace(self) -> str:
        """Where httpbin lives: `sample`, or `bar` as the `.global` document has it."""
        return "bar" if self.discovery is Discovery.GLOBAL_NAMES else "sample"

    @property
    def workloads(self) -> dict[str, str]:
        """The injected workloads of every cluster, and the namespace of each."""
        return {"sleep": self.client_namespace, "httpbin": self.server_namespace}

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces of the workloads, each once."""
        return tuple(dict.fromkeys((self.client_namespace, self.server_namespace)))

    @property
    def server(self) -> str:
        """The name by which every sleep may call the httpbin of its own mesh."""
        return f"httpbin.{self.server_namespace}"

    @property
    def local_server(self) -> str:
        """The name of a Service that every cluster keeps to itself."""
        return f"httpbin-local.{self.server_namespace}"

    def answering(self, source: str) -> frozenset[str]:
        """Return the clusters whose httpbin answers a sleep of `source` that calls `server`."""
        if self.discovery is Discovery.GLOBAL_NAMES:
            primary = self[source].primary
            return frozenset(each.name for each in self.clusters if each.primary == primary)
        return frozenset(self.names)

    def reach(self, source: str) -> dict[str, frozenset[str]]:
        """Return who answers a sleep of `source`, by each form of httpbin's name."""
        forms = [self.server, f"{self.server}.svc.cluster.local"]
        if self.client_namespace == self.server_namespace:
            forms.insert(0, "httpbin")
        reach = dict.fromkeys(forms, self.answering(source))
        reach[self.local_server] = frozenset([source])
        if self.discovery is Discovery.GLOBAL_NAMES:
            reach[f"{self.server}.global"] = frozenset(self.names) - reach[self.server]
        return reach
