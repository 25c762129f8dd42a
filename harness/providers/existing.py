"""ExistingProvider: clusters that the user brings; none is made, none is deleted."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from harness.access import Access, Node, Shell
from harness.addresses import AddressRange
from harness.drivers.istioctl import CliIstioctl
from harness.drivers.node import DockerNode
from harness.drivers.transcript import Transcript, placeholder
from harness.errors import HostError, UnreachableError
from harness.providers.contexts import Context, api_servers
from harness.providers.unseen_node import UnseenNode
from harness.topology import Cluster, Topology

_look_seconds = 20.0


class ExistingProvider:
    """Provider of a topology's clusters, each reached by a context that the user names.

    `folder` is private to the user: it takes the discovery caches and the clients' keys. Raises
    UsageError with everything that is wrong with the contexts.
    """

    name = "existing"
    makes_clusters = False

    def __init__(  # noqa: PLR0913  # the composition root hands in every part
        self,
        topology: Topology,
        contexts: Mapping[str, Context],
        *,
        istioctl: Path,
        shell: Shell,
        folder: Path,
        transcript: Transcript,
    ) -> None:
        self._servers = api_servers(topology, contexts)
        self._contexts = contexts
        self._istioctl, self._shell = istioctl, shell
        self._folder, self._transcript = folder, transcript
        # one that does not answer must not keep others waiting
        self._locks = {cluster: Lock() for cluster in topology.names}
        self._access: dict[str, Access] = {}
        for cluster, context in contexts.items():
            transcript.call(str(context.kubeconfig), placeholder("KUBECONFIG", cluster))

    def create(self, cluster: Cluster) -> None:
        """Make sure that the cluster answers; raises HostError when it does not."""
        try:
            self.access(cluster.name).kube.list("Node")
        except UnreachableError as problem:
            raise HostError(f"{problem}: it has to be up, for it is not ours to make") from problem

    def access(self, cluster: str) -> Access:
        """Return a way into the cluster; needs it to be up."""
        with self._locks[cluster]:
            if cluster not in self._access:
                self._access[cluster] = self._open(cluster)
            return self._access[cluster]

    def pools(self, topology: Topology, size: int) -> Mapping[str, AddressRange]:  # noqa: ARG002
        """Return none: the load balancer that is there gives away its own addresses."""
        return {}

    def delete(self, cluster: str) -> None:
        """Leave the cluster alone: it is not ours."""

    def _open(self, cluster: str) -> Access:
        from harness.drivers.kube import ApiKube  # noqa: PLC0415  # costs most of a second

        context = self._contexts[cluster]
        kube = ApiKube(
            cluster,
            context.kubeconfig,
            context=context.name,
            folder=self._folder / cluster,
            transcript=self._transcript,
        )
        nodes = sorted(kube.list("Node"), key=lambda node: not _is_control_plane(node))
        node = self._node(cluster, nodes[0]["metadata"]["name"] if nodes else "")
        return Access(
            kube=kube,
            node=node,
            istioctl=CliIstioctl(
                cluster,
                self._shell,
                program=self._istioctl,
                kubeconfig=context.kubeconfig,
                context=context.name,
                transcript=self._transcript,
            ),
            api_server=self._api_server(cluster, node),
        )

    def _node(self, cluster: str, name: str) -> Node:
        if not name:
            return UnseenNode(f"{cluster}: it has no node")
        try:
            argv = ["docker", "inspect", "--type=container", name]
            seen = self._shell.run(argv, timeout=_look_seconds, check=False).code == 0
        except HostError:  # no docker on this machine
            seen = False
        if seen:
            return DockerNode(name, self._shell, network=None)
        return UnseenNode(f"{cluster}: node {name} is not a container of this machine's Docker")

    def _api_server(self, cluster: str, node: Node) -> str:
        if chosen := self._contexts[cluster].api_server:
            return chosen
        server = self._servers[cluster]
        if not _is_loopback(server):
            return server
        try:
            return f"https://{node.address}:6443"
        except UnreachableError as problem:
            raise HostError(
                f"{cluster}: its kubeconfig names {server}, which no other cluster reaches: say "
                f"its API server's address ({problem})"
            ) from problem


def _is_loopback(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return host == "localhost"


def _is_control_plane(node: dict[str, Any]) -> bool:
    return "node-role.kubernetes.io/control-plane" in node["metadata"].get("labels", {})
