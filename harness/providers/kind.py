"""KindProvider: clusters of one node each, made by kind, one container network beneath them all."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
import shutil
from threading import Lock
from typing import Any

from harness.access import Access, Shell
from harness.addresses import AddressRange
from harness.drivers.istioctl import CliIstioctl
from harness.drivers.kind import CLUSTER_LABEL, Kind
from harness.drivers.node import DockerNode
from harness.drivers.transcript import Transcript, placeholder
from harness.engine import Stack
from harness.engine.owner import Owner
from harness.errors import CommandError, HostError, NotYet, UnreachableError
from harness.patience import until
from harness.providers.claims import Claims
from harness.providers.containerd_root import clone_containerd_root, remove_containerd_root
from harness.providers.node_home import write_node_home
from harness.topology import Cluster, Topology

CREATE_SECONDS = 280.0
_longest_hostname = 63
_suffix = "-control-plane"


def kind_name(run: str, topology: str, cluster: str) -> str:
    """Return the name of a kind cluster, unique to run, topology and cluster.

    A container and host name is made of it, so what is too long ends in a part of its digest.
    """
    tag = sha256(topology.encode()).hexdigest()[:4]
    name = f"mp-{run}-{tag}-{cluster}"
    longest = _longest_hostname - len(_suffix)
    if len(name) <= longest:
        return name
    digest = sha256(cluster.encode()).hexdigest()[:6]
    return f"{name[: longest - len(digest) - 1]}-{digest}"


class KindProvider:
    """Provider of one topology's clusters for the owner's run.

    Kubeconfigs and keys go to `folder`, which is only this topology's and private to the user, and
    all that may be shown beside the transcript. Images and claims are kept below `state`, which is
    on the stack's file system.
    """

    name = "kind"
    makes_clusters = True

    def __init__(  # noqa: PLR0913  # the composition root hands in every part
        self,
        topology: Topology,
        *,
        owner: Owner,
        stack: Stack,
        shell: Shell,
        folder: Path,
        state: Path,
        transcript: Transcript,
    ) -> None:
        self._topology, self._owner, self._stack = topology, owner, stack
        self._shell, self._transcript = shell, transcript
        self._folder, self._state = folder, state
        self._kind = Kind(shell, program=stack.tools.kind)
        self._lock = Lock()
        self._access: dict[str, Access] = {}

    def create(self, cluster: Cluster) -> None:
        """Bring up the cluster and return once its API server answers and its node is Ready.

        One that is whole already is left alone, one that is not makes room. When kind fails, the
        logs are beside the transcript and nothing of it is left running.
        """
        name, clone = self.kind_name(cluster.name), None
        if name in self._kind.containers(f"{CLUSTER_LABEL}={name}").values():
            if self._is_whole(cluster.name):
                return
            self._access.pop(cluster.name, None)
            self.kubeconfig(cluster.name).unlink(missing_ok=True)
            self._kind.delete(name)
        if self._stack.containerd_root is not None:
            clone = self._clone(name)
            clone_containerd_root(self._shell, self._stack.containerd_root, clone)
        config = write_node_home(
            self._shown(cluster.name),
            cluster,
            neighbours=self._topology.neighbours(cluster.name),
            kubernetes=self._stack.versions.kubernetes,
            owner=self._owner,
            containerd_root=clone,
        )
        kubeconfig = self.kubeconfig(cluster.name)
        kubeconfig.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._transcript.call(str(kubeconfig), placeholder("KUBECONFIG", cluster.name))
        try:
            self._kind.create(
                name,
                config,
                image=self._stack.images.node,
                kubeconfig=kubeconfig,
                timeout=CREATE_SECONDS,
            )
        except CommandError as problem:
            logs = self._keep_logs(cluster.name)
            self.delete(cluster.name)
            raise HostError(f"{cluster.name}: {problem}\n  logs: {logs}") from problem
        until(f"{cluster.name}: its node is Ready", lambda: self._see_ready(cluster.name), 60)

    def access(self, cluster: str) -> Access:
        """Return a way into the cluster; needs it to be up."""
        with self._lock:
            if cluster not in self._access:
                self._access[cluster] = self._open(cluster)
            return self._access[cluster]

    def pools(self, topology: Topology, size: int) -> Mapping[str, AddressRange]:
        """Claim `size` load-balancer addresses for each cluster, from the network that is there."""
        names = {self.kind_name(cluster): cluster for cluster in topology.names}
        present = set(self._kind.containers().values())
        claims = Claims(self._state / "claims", self._kind.container_network())
        claimed = claims.claim(self._owner, names, size, is_up=lambda cluster: cluster in present)
        return {names[name]: addresses for name, addresses in claimed.items()}

    def delete(self, cluster: str) -> None:
        """Delete the cluster, its files and its claim; one that is not there is no error."""
        name = self.kind_name(cluster)
        with self._lock:
            self._access.pop(cluster, None)
        self._kind.delete(name)
        remove_containerd_root(self._shell, self._clone(name))
        shutil.rmtree(self.kubeconfig(cluster).parent, ignore_errors=True)
        if network := self._kind.find_network():
            Claims(self._state / "claims", network).release(name)

    def kind_name(self, cluster: str) -> str:
        """Return what kind calls the cluster."""
        return kind_name(self._owner.run, self._topology.name, cluster)

    def kubeconfig(self, cluster: str) -> Path:
        """Return the kubeconfig of the cluster, there once it is up."""
        return self._folder / cluster / "kubeconfig"

    def export_logs(self, cluster: str, folder: Path) -> None:
        """Write the logs of the cluster's node and pods to a folder."""
        self._kind.export_logs(self.kind_name(cluster), folder)

    def _open(self, cluster: str) -> Access:
        from harness.drivers.kube import ApiKube  # noqa: PLC0415  # costs most of a second

        name, kubeconfig = self.kind_name(cluster), self.kubeconfig(cluster)
        node = DockerNode(f"{name}{_suffix}", self._shell, network=self._kind.network)
        return Access(
            kube=ApiKube(
                cluster, kubeconfig, folder=kubeconfig.parent, transcript=self._transcript
            ),
            node=node,
            istioctl=CliIstioctl(
                cluster,
                self._shell,
                program=self._stack.tools.istioctl,
                kubeconfig=kubeconfig,
                context=f"kind-{name}",
                transcript=self._transcript,
            ),
            api_server=f"https://{node.address}:6443",
        )

    def _is_whole(self, cluster: str) -> bool:
        # kind writes the kubeconfig when all else is done
        if not self.kubeconfig(cluster).is_file():
            return False
        try:
            self._see_ready(cluster)
        except (NotYet, UnreachableError):
            return False
        return True

    def _see_ready(self, cluster: str) -> None:
        nodes = self.access(cluster).kube.list("Node")
        if not all(map(_is_ready, nodes)) or not nodes:
            raise NotYet(f"{len(nodes)} nodes, not all Ready")

    def _keep_logs(self, cluster: str) -> Path | str:
        logs = self._shown(cluster) / "logs"
        with suppress(CommandError):  # kind says so when a part is missing, and writes the others
            self.export_logs(cluster, logs)
        return logs if logs.is_dir() else "none: there was no node yet"

    def _shown(self, cluster: str) -> Path:
        return self._transcript.folder / "nodes" / cluster

    def _clone(self, name: str) -> Path:
        return self._state / "nodes" / self._owner.run / name


def _is_ready(node: dict[str, Any]) -> bool:
    conditions = node.get("status", {}).get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
