"""kind and the Docker beneath it, as programs: clusters, their containers, their network."""

from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
import json
from pathlib import Path

from harness.access import Shell
from harness.errors import CommandError, HostError

CLUSTER_LABEL = "io.x-k8s.kind.cluster"
LOOK_SECONDS = 30.0
REMOVE_SECONDS = 120.0
# the addresses that kind itself gives its network, derived by it from the network's name
_ipv6_of_kind = "fc00:f853:ccd:e793::/64"


@dataclass(frozen=True, slots=True)
class ContainerNetwork:
    """A Docker network: its id, unique among all daemons, and its IPv4 addresses."""

    id: str
    subnet: IPv4Network


class Kind:
    """kind, and docker for what kind does not offer; both found by the shell's environment."""

    def __init__(
        self, shell: Shell, *, program: Path | str = "kind", network: str = "kind"
    ) -> None:
        self._shell = shell
        self._program = str(program)
        self.network = network

    def create(
        self, name: str, config: Path, *, image: str, kubeconfig: Path, timeout: float
    ) -> None:
        """Bring up a cluster until its API server answers; what failed is left for a look.

        `config` is kind's own file; no other kubeconfig than the one named is touched.
        """
        self._kind(
            *("create", "cluster", "--retain", f"--name={name}", f"--image={image}"),
            *(f"--config={config}", f"--kubeconfig={kubeconfig}"),
            kubeconfig=kubeconfig,
            timeout=timeout,
        )

    def export_logs(self, name: str, folder: Path, *, timeout: float = 60) -> None:
        """Write the logs of a cluster's nodes and pods to a folder."""
        self._kind("export", "logs", str(folder), f"--name={name}", timeout=timeout)

    def containers(self, label: str = CLUSTER_LABEL) -> dict[str, str]:
        """Return which cluster each of kind's containers belongs to, those that ended too."""
        listed = self._docker(
            *("ps", "--all", f"--filter=label={label}"),
            *("--format", f'{{{{.Names}}}}\t{{{{.Label "{CLUSTER_LABEL}"}}}}'),
        )
        rows = (line.split("\t") for line in listed.splitlines() if "\t" in line)
        return {row[0]: row[1] for row in rows}

    def delete(self, name: str) -> None:
        """Remove a cluster's containers and their volumes; none is no error."""
        doomed = sorted(self.containers(f"{CLUSTER_LABEL}={name}"))
        if doomed:
            try:
                self._docker("rm", "--force", "--volumes", *doomed, timeout=REMOVE_SECONDS)
            except CommandError:
                # somebody else may have been faster
                if self.containers(f"{CLUSTER_LABEL}={name}"):
                    raise

    def container_network(self) -> ContainerNetwork:
        """Return the network that nodes are on, making it as kind would if there is none."""
        found = self.find_network()
        if found is None:
            self._create_network()
            found = self.find_network()
        if found is None:
            raise HostError(f"the Docker network {self.network} was made and is not there")
        return found

    def find_network(self) -> ContainerNetwork | None:
        """Return the network that nodes are on, or None; HostError when it has no IPv4."""
        try:
            (found,) = json.loads(self._docker("network", "inspect", self.network))
        except CommandError as problem:
            if "No such network" in problem.stderr or "not found" in problem.stderr:
                return None
            raise
        subnets = [ip_network(each["Subnet"]) for each in found["IPAM"]["Config"] or ()]
        for subnet in subnets:
            if isinstance(subnet, IPv4Network):
                return ContainerNetwork(found["Id"], subnet)
        raise HostError(
            f"the Docker network {self.network} has no IPv4 addresses ({subnets}): remove it with "
            f"`docker network rm {self.network}`, and it is made anew"
        )

    def _create_network(self) -> None:
        masquerade = "--opt=com.docker.network.bridge.enable_ip_masquerade=true"
        create = ("network", "create", "--driver=bridge", masquerade)
        for more in (("--ipv6", f"--subnet={_ipv6_of_kind}"), ()):
            try:
                self._docker(*create, *more, self.network)
            except CommandError as problem:
                if "already exists" in problem.stderr:
                    return
                if not more:
                    raise
            else:
                return

    def _kind(self, *words: str, timeout: float, kubeconfig: Path | None = None) -> None:
        env = {"KIND_EXPERIMENTAL_PROVIDER": "docker"}
        if self.network != "kind":
            env["KIND_EXPERIMENTAL_DOCKER_NETWORK"] = self.network
        if kubeconfig:
            env["KUBECONFIG"] = str(kubeconfig)
        self._shell.run([self._program, *words], timeout=timeout, env=env)

    def _docker(self, *words: str, timeout: float = LOOK_SECONDS) -> str:
        return self._shell.run(["docker", *words], timeout=timeout).stdout
