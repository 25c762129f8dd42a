"""The narrow protocols through which anything reaches a cluster; drivers implement them.

They know names, objects, argument lists and exit codes, and nothing of a cluster's role.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Manifest = Mapping[str, Any]
"""A Kubernetes object as the API has it: apiVersion, kind, metadata, ..."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that ended: its exit code, what it printed, and how many seconds it took."""

    argv: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    seconds: float


class Shell(Protocol):
    """Runs programs on this machine."""

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> Completed:
        """Run argv to its end within `timeout` seconds, ending its whole group otherwise.

        `env` is added to this process's own. Raises CommandError when it ran out of time and,
        with `check`, when it exited with anything but 0.
        """
        ...


class Kube(Protocol):
    """One cluster's API. Objects are plain mappings; absent means None or an empty list.

    Raises UnreachableError when the server does not answer, RefusedError when it says no.
    """

    def apply(self, *manifests: Manifest) -> None:
        """Server-side apply each object, in order, owning its fields by force."""
        ...

    def get(self, kind: str, name: str, namespace: str | None = None) -> dict[str, Any] | None:
        """Return one object. `kind` is `Kind` of a core or apps API, or `Kind.group/version`."""
        ...

    def list(
        self, kind: str, namespace: str | None = None, *, selector: str = ""
    ) -> list[dict[str, Any]]:
        """Return the objects that match a label selector, of all namespaces when none is named."""
        ...

    def kinds(self) -> tuple[str, ...]:
        """Return every kind that can be listed now, as `list` takes it, each in one version."""
        ...

    def patch(self, kind: str, name: str, patch: Manifest, namespace: str | None = None) -> None:
        """Merge-patch one object."""
        ...

    def delete(self, kind: str, name: str, namespace: str | None = None) -> None:
        """Delete one object; one that is not there is no error."""
        ...

    def exec(
        self, pod: str, namespace: str, container: str, argv: Sequence[str], *, timeout: float
    ) -> Completed:
        """Run argv in a container; its exit code is returned, never raised.

        Raises UnreachableError when the stream was lost or did not end in `timeout` seconds.
        """
        ...

    def logs(
        self, pod: str, namespace: str, container: str, *, tail: int = 1000, previous: bool = False
    ) -> str:
        """Return the last lines of a container's log, or of the one's that ran there before it."""
        ...


class Node(Protocol):
    """One machine that carries a cluster, looked at by testinfra, changed by `run`."""

    @property
    def address(self) -> str:
        """Its IPv4 address on the container network."""
        ...

    def run(self, *argv: str, timeout: float = 20) -> Completed:
        """Run argv on the node; its exit code is returned, never raised."""
        ...

    def service_is_running(self, name: str) -> bool:
        """Whether systemd says that the unit runs."""
        ...

    def route_to(self, network: str) -> str:
        """Return the next hop of the route to exactly this network, or an empty string."""
        ...

    def connects(self, address: str, port: int) -> bool:
        """Whether a TCP connection from the node to address and port is accepted within 5 s."""
        ...


class Istioctl(Protocol):
    """istioctl on one cluster."""

    def install(self, operator: Manifest, *, timeout: float) -> None:
        """Apply an IstioOperator and wait for what it installs."""
        ...

    def remote_secret(self, name: str, server: str) -> list[dict[str, Any]]:
        """Return the objects of `create-remote-secret` for this cluster, reached at `server`."""
        ...

    def remote_clusters(self, *, timeout: float = 30) -> list[dict[str, str]]:
        """Return the rows of `remote-clusters`: name, secret, status, istiod."""
        ...

    def proxy_status(self, *, timeout: float = 30) -> list[dict[str, Any]]:
        """Return what this cluster's istiods say of each proxy they serve.

        Of each: `proxy` (pod.namespace), `cluster`, `istiod`, `version`, and `types`, which maps
        CDS, LDS, EDS, RDS ... to the state: SYNCED, STALE, ERROR, NOT_SENT, UNKNOWN.
        """
        ...

    def proxy_config(self, what: str, pod: str, namespace: str, *args: str) -> Any:
        """Return `proxy-config WHAT POD.NAMESPACE -o json`, parsed."""
        ...

    def uninstall(self, *, timeout: float) -> None:
        """Uninstall every Istio of the cluster (`uninstall --purge`)."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """A way into one live cluster."""

    kube: Kube
    node: Node
    istioctl: Istioctl
    api_server: str
    """URL at which the other clusters reach this one's API server."""
