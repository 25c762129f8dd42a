"""A node that is a container: looked at by testinfra, changed by `docker exec`.

What Docker itself refuses is never taken for an answer of the node.
"""

from collections.abc import Mapping
import json
import math
from typing import Any

from testinfra.backend.docker import DockerBackend  # noqa: TID251  # this is its driver
from testinfra.host import Host  # noqa: TID251

from harness.access import Completed, Shell
from harness.errors import CommandError, UnreachableError

LOOK_SECONDS = 20.0
"""How long one question may take on the node."""
MARGIN = 10.0
"""Seconds that Docker gets beyond what the program on the node gets."""

_timed_out = 124
_dockers_own_words = (
    "Error response from daemon",
    "Error: No such container",
    "Cannot connect to the Docker daemon",
    "error during connect",
)


class _BoundedBackend(DockerBackend):  # type: ignore[misc]  # untyped in the library
    """testinfra's view of a container, through our shell: with its environment and a deadline."""

    def __init__(self, node: "DockerNode") -> None:
        super().__init__(node.container)
        self._node = node

    def run(self, command: str, *args: str, **_kwargs: Any) -> Any:
        line = self.get_command(command, *args)
        done = self._node.run("/bin/sh", "-c", line, timeout=LOOK_SECONDS)
        if done.code == _timed_out:
            raise UnreachableError(f"{self._node.container}: it did not end in time: {line}")
        return self.result(done.code, line.encode(), done.stdout.encode(), done.stderr.encode())


class DockerNode:
    """Node that is the container `container` of the Docker that `shell`'s environment names.

    Its address is that on `network`, or that on its first one.
    """

    def __init__(self, container: str, shell: Shell, *, network: str | None = "kind") -> None:
        self.container = container
        self._shell = shell
        self._network = network
        self._address = ""
        self._host = Host(backend := _BoundedBackend(self))
        backend.set_host(self._host)

    @property
    def address(self) -> str:
        """Its IPv4 address on the container network."""
        if not self._address:
            networks = self._inspect()["NetworkSettings"]["Networks"]
            network = self._network or next(iter(networks), "")
            self._address = networks.get(network, {}).get("IPAddress", "")
        if not self._address:
            where = self._network or "any network"
            raise UnreachableError(f"{self.container}: it has no address on {where}")
        return self._address

    def run(self, *argv: str, timeout: float = 20) -> Completed:
        """Run argv on the node; its exit code is returned, 124 when it ran out of time.

        Raises UnreachableError when Docker could not run it there.
        """
        bound = ("timeout", "-k", "2", str(max(1, math.ceil(timeout))))
        try:
            done = self._shell.run(
                ["docker", "exec", self.container, *bound, *argv],
                timeout=timeout + MARGIN,
                check=False,
            )
        except CommandError as problem:
            raise UnreachableError(f"{self.container}: {problem}") from problem
        if done.code and done.stderr.startswith(_dockers_own_words):
            raise UnreachableError(f"{self.container}: {done.stderr.strip()}")
        return Completed(argv, done.code, done.stdout, done.stderr, done.seconds)

    def service_is_running(self, name: str) -> bool:
        """Whether systemd says that the unit runs."""
        return bool(self._host.service(name).is_running)

    def route_to(self, network: str) -> str:
        """Return the next hop of the route to exactly this network, or an empty string."""
        done = self.run("ip", "-json", "-4", "route", "show", "exact", network)
        if done.code:
            raise UnreachableError(f"{self.container}: ip route: {done.stderr.strip()}")
        routes = json.loads(done.stdout or "[]")
        return next((str(route["gateway"]) for route in routes if "gateway" in route), "")

    def connects(self, address: str, port: int) -> bool:
        """Whether a TCP connection from the node to address and port is accepted within 5 s."""
        # bash is on every node image, nc is not
        return self.run("bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}", timeout=5).code == 0

    def _inspect(self) -> Mapping[str, Any]:
        done = self._shell.run(
            ["docker", "inspect", "--type=container", self.container],
            timeout=LOOK_SECONDS,
            check=False,
        )
        if done.code:
            raise UnreachableError(f"{self.container}: {done.stderr.strip()}")
        found: Mapping[str, Any] = json.loads(done.stdout)[0]
        return found
