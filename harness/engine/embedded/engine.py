"""EmbeddedEngine: one private dockerd for one run, in a network namespace without a way out."""

from contextlib import suppress
from datetime import datetime
import os
from pathlib import Path
import threading

from harness.access import Shell
from harness.engine import Stack
from harness.engine.embedded.capabilities import missing_capabilities
from harness.engine.embedded.daemon import Daemon, configure, ping
from harness.engine.embedded.golden import clone, golden_root
from harness.engine.embedded.layout import Layout, engines_folder
from harness.engine.embedded.limits import raise_limits, restore_limits
from harness.engine.embedded.namespace import (
    NAMED,
    add_namespace,
    enter,
    is_inside,
    leave,
    namespace_name,
)
from harness.engine.embedded.registry import register
from harness.engine.embedded.remains import put_away
from harness.engine.owner import Owner
from harness.engine.tools import path_with
from harness.errors import HostError, NotYet

SUBNET = "172.18.0.0/16"
"""The container network of every embedded engine: namespaces keep equal ones apart."""


class EmbeddedEngine:
    """The private Docker of the owner's run, below `cache`; see the protocol Engine.

    `start` and `attach` move the calling thread into the run's network namespace, so they belong
    in the main thread before others start; `stop` moves it back.
    """

    name = "embedded"
    ends_clusters = True

    def __init__(self, owner: Owner, *, cache: Path, shell: Shell) -> None:
        self.owner = owner
        self.layout = Layout(engines_folder(cache) / owner.run)
        self._cache = cache
        self._shell = shell
        self._stack: Stack | None = None
        self._daemon: Daemon | None = None
        self._left: tuple[int, int] | None = None
        """The thread that entered the namespace, and a descriptor of the one it left."""

    @property
    def namespace(self) -> Path:
        """The run's network namespace, by name."""
        return NAMED / namespace_name(self.owner.run)

    @property
    def environment(self) -> dict[str, str]:
        """DOCKER_HOST of this engine, and PATH with the stack's tools first."""
        return {
            "DOCKER_HOST": self.layout.docker_host,
            "PATH": path_with(self._stack, os.environ),
        }

    def start(self, stack: Stack) -> None:
        """Bring up the daemon on a clone of the golden data root, make kind's network, enter.

        Raises HostError when this machine cannot carry it; then nothing is left of it.
        """
        if stack.node_archive is None:
            raise HostError("the embedded engine cannot pull: it needs a node image that was built")
        self._stack = stack
        golden = golden_root(self._shell, self._cache, stack.node_archive)
        self._claim()
        try:
            raise_limits()
            add_namespace(self._shell, self.namespace.name)
            clone(self._shell, golden, self.layout.data)
            configure(self.layout, cgroup=self.namespace.name, absent=missing_capabilities())
            self._daemon = Daemon(self.layout, self.namespace, _coredns(stack))
            self._daemon.await_answer()
            self._shell.run(
                ["docker", "network", "create", "--subnet", SUBNET, "kind"],
                timeout=30,
                env=self.environment,
            )
            self._enter()
        except BaseException:
            self.stop()
            raise

    def attach(self, stack: Stack) -> None:
        """Join what another process has started and kept; HostError when it does not answer."""
        self._stack = stack
        try:
            ping(self.layout.socket)
            self._enter()
        except (NotYet, OSError) as problem:
            raise HostError(
                f"run {self.owner.run}: its engine does not answer ({problem}): "
                "put it away with `meshproof down --all`"
            ) from problem

    def keep(self, until: datetime) -> None:
        """Have the run outlive this process, until then."""
        self.owner = self.owner.keeping(until)
        self.owner.write(self.layout.owner)

    def stop(self) -> None:
        """Put away all of it: containers, daemon, networks, namespace, cgroups, files."""
        self._leave()
        put_away(self._shell, self.owner.run, self.layout, inmates_too=False)
        if self._daemon is not None:
            self._daemon.reap()
            self._daemon = None
        restore_limits()

    def _claim(self) -> None:
        # an engine's folder never stands without its owner, or a sweep would take it for dead
        folder = self.layout.folder
        claim = folder.with_name(f".{folder.name}.{os.getpid()}")
        claim.mkdir(parents=True, exist_ok=True)
        self.owner.write(claim / self.layout.owner.name)
        try:
            claim.rename(folder)
        except OSError as problem:
            self._shell.run(["rm", "-rf", str(claim)], timeout=10)
            raise HostError(f"run {self.owner.run} has an engine already, in {folder}") from problem
        try:
            register(self.owner.run, folder)
        except HostError:
            self._shell.run(["rm", "-rf", str(folder)], timeout=10)
            raise

    def _enter(self) -> None:
        if not is_inside(self.namespace):
            self._left = threading.get_ident(), enter(self.namespace)

    def _leave(self) -> None:
        if self._left is not None and self._left[0] == threading.get_ident():
            leave(self._left[1])
            self._left = None
        elif is_inside(self.namespace):
            # inherited from whoever started us: its namespace is that of the first process
            with suppress(OSError):
                enter(Path("/proc/1/ns/net"))


def _coredns(stack: Stack) -> Path | None:
    """Return the CoreDNS that was built beside kind, if there is one."""
    coredns = stack.tools.kind.with_name("coredns")
    return coredns if coredns.is_file() else None
