"""Fakes of all that reaches a cluster: the protocols of `access` and `mesh`, held in memory.

They hold what a test puts there, note what is done to them, and know nothing of Istio.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
import re
from typing import Any, ClassVar

from harness.access import Access, Completed, Manifest
from harness.addresses import AddressRange
from harness.errors import UnreachableError
from harness.mesh import Layer, Mesh
from harness.record import StepRecord
from harness.settings import Settings
from harness.topology import Cluster, Topology
from harness.trust import Authority

Key = tuple[str, str, str]
"""Kind, namespace (empty for none) and name."""


@dataclass
class FakeKube:
    """An API server that holds objects; set `down` and it does not answer."""

    objects: dict[Key, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    answer: Callable[[Sequence[str]], Completed] | None = None
    """What an exec gives back."""
    refusal: Exception | None = None
    """What is raised by each apply, as long as it is set."""
    said: dict[str, str] = field(default_factory=dict)
    """What each pod has logged."""
    down: bool = False

    def hold(self, kind: str, name: str, namespace: str = "", **content: Any) -> dict[str, Any]:
        """Put an object there; `content` lies beside its metadata and may add to that."""
        metadata = {"name": name, "namespace": namespace, **content.pop("metadata", {})}
        self.objects[kind, namespace, name] = {"kind": kind, "metadata": metadata, **content}
        return self.objects[kind, namespace, name]

    def apply(self, *manifests: Manifest) -> None:
        """Note the objects and hold them, laid over those of their names."""
        self._answering()
        if self.refusal:
            raise self.refusal
        for manifest in manifests:
            metadata = manifest["metadata"]
            key = (manifest["kind"], metadata.get("namespace", ""), metadata["name"])
            self.calls.append(("apply", *key))
            _lay_over(self.objects.setdefault(key, {}), deepcopy(dict(manifest)))

    def get(self, kind: str, name: str, namespace: str | None = None) -> dict[str, Any] | None:
        """Return what is held, if it is."""
        self._answering()
        return self.objects.get((kind, namespace or "", name))

    def list(
        self, kind: str, namespace: str | None = None, *, selector: str = ""
    ) -> list[dict[str, Any]]:
        """Return what is held and labelled so."""
        self._answering()
        return [
            each
            for (held, space, _), each in self.objects.items()
            if held == kind and namespace in (None, space) and _selects(selector, each)
        ]

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of what is held."""
        self._answering()
        return tuple(dict.fromkeys(kind for kind, _, _ in self.objects))

    def patch(self, kind: str, name: str, patch: Manifest, namespace: str | None = None) -> None:
        """Note the patch and, where its object is held, merge it."""
        self._answering()
        self.calls.append(("patch", kind, namespace or "", name, patch))
        if held := self.objects.get((kind, namespace or "", name)):
            _lay_over(held, patch)

    def delete(self, kind: str, name: str, namespace: str | None = None) -> None:
        """Note the deletion and hold the object no longer."""
        self._answering()
        self.calls.append(("delete", kind, namespace or "", name))
        self.objects.pop((kind, namespace or "", name), None)

    def exec(
        self, pod: str, namespace: str, container: str, argv: Sequence[str], *, timeout: float
    ) -> Completed:
        """Note the call and give back what `answer` makes of it."""
        self._answering()
        self.calls.append(("exec", pod, namespace, container, tuple(argv), timeout))
        return self.answer(argv) if self.answer else completed()

    def logs(
        self, pod: str, namespace: str, container: str, *, tail: int = 1000, previous: bool = False
    ) -> str:
        """Return what the pod has logged, if anything; before it restarted, as `POD before`."""
        self._answering()
        del namespace, container, tail
        return self.said.get(f"{pod} before" if previous else pod, "")

    def _answering(self) -> None:
        if self.down:
            raise UnreachableError("the API server does not answer")


@dataclass
class FakeNode:
    """A machine with the services, routes and open ports that a test gives it."""

    address: str = "172.18.0.2"
    services: dict[str, bool] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)
    open: set[tuple[str, int]] = field(default_factory=set)
    ran: list[tuple[str, ...]] = field(default_factory=list)
    refusal: str = ""
    """What every program prints while it exits with 2, if anything."""
    down: bool = False

    def run(self, *argv: str, timeout: float = 20) -> Completed:
        """Note the program; it prints nothing, or the refusal."""
        del timeout
        self._answering()
        self.ran.append(argv)
        return completed(code=2 if self.refusal else 0, stderr=self.refusal)

    def service_is_running(self, name: str) -> bool:
        """Whether the test said so."""
        self._answering()
        return self.services.get(name, False)

    def route_to(self, network: str) -> str:
        """Return the next hop that the test gave."""
        self._answering()
        return self.routes.get(network, "")

    def connects(self, address: str, port: int) -> bool:
        """Whether the test opened the port."""
        self._answering()
        return (address, port) in self.open

    def _answering(self) -> None:
        if self.down:
            raise UnreachableError("the node does not answer")


@dataclass
class FakeIstioctl:
    """istioctl that notes what it installs and tells the rows that a test gives it."""

    name: str = ""
    installed: list[dict[str, Any]] = field(default_factory=list)
    watched: list[dict[str, str]] = field(default_factory=list)
    proxies: list[dict[str, Any]] = field(default_factory=list)
    config: Any = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    down: bool = False

    def install(self, operator: Manifest, *, timeout: float) -> None:
        """Note the IstioOperator."""
        del timeout
        self._answering()
        self.installed.append(dict(operator))

    def remote_secret(self, name: str, server: str) -> list[dict[str, Any]]:
        """Return a secret that tells of whom it is and where its API server is."""
        self._answering()
        metadata = {"name": f"istio-remote-secret-{name}", "namespace": "istio-system"}
        data = {"made-on": self.name, "server": server}
        return [{"kind": "Secret", "metadata": metadata, "stringData": data}]

    def remote_clusters(self, *, timeout: float = 30) -> list[dict[str, str]]:
        """Return the rows that the test gave."""
        del timeout
        self._answering()
        return self.watched

    def proxy_status(self, *, timeout: float = 30) -> list[dict[str, Any]]:
        """Return the rows that the test gave."""
        del timeout
        self._answering()
        return self.proxies

    def proxy_config(self, what: str, pod: str, namespace: str, *args: str) -> Any:
        """Note the question and return what the test gave."""
        self._answering()
        self.asked.append((what, pod, namespace, *args))
        return self.config

    def uninstall(self, *, timeout: float) -> None:
        """Forget what was installed."""
        del timeout
        self._answering()
        self.installed.clear()

    def _answering(self) -> None:
        if self.down:
            raise UnreachableError("the API server does not answer")


@dataclass
class FakeProvider:
    """Clusters that are only fakes; notes which were created and deleted."""

    kubes: dict[str, FakeKube]
    nodes: dict[str, FakeNode]
    istioctls: dict[str, FakeIstioctl]
    created: list[Cluster] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    name: str = "fake"
    makes_clusters: bool = True

    def create(self, cluster: Cluster) -> None:
        """Note the cluster."""
        self.created.append(cluster)

    def access(self, cluster: str) -> Access:
        """Return the fakes of the cluster."""
        return Access(
            kube=self.kubes[cluster],
            node=self.nodes[cluster],
            istioctl=self.istioctls[cluster],
            api_server=f"https://{self.nodes[cluster].address}:6443",
        )

    def pools(self, topology: Topology, size: int) -> Mapping[str, AddressRange]:
        """Return none."""
        del topology, size
        return {}

    def delete(self, cluster: str) -> None:
        """Note the name."""
        self.deleted.append(cluster)


@dataclass
class FakeMesh:
    """A mesh of fakes, and the fakes themselves by their clusters' names."""

    mesh: Mesh
    provider: FakeProvider

    @property
    def kubes(self) -> dict[str, FakeKube]:
        """The clusters' API servers."""
        return self.provider.kubes

    @property
    def nodes(self) -> dict[str, FakeNode]:
        """The clusters' nodes."""
        return self.provider.nodes

    @property
    def istioctls(self) -> dict[str, FakeIstioctl]:
        """The clusters' istioctl."""
        return self.provider.istioctls


def fake_mesh(
    topology: Topology,
    *,
    pools: Mapping[str, AddressRange] | None = None,
    settings: Settings | None = None,
    load_balancer: Path = Path(),
    authority: Authority | None = None,
) -> FakeMesh:
    """Return a mesh of this topology, whose clusters are empty fakes."""
    provider = FakeProvider(
        kubes={name: FakeKube() for name in topology.names},
        nodes={
            name: FakeNode(f"172.18.0.{number}") for number, name in enumerate(topology.names, 2)
        },
        istioctls={name: FakeIstioctl(name) for name in topology.names},
    )
    return FakeMesh(
        Mesh(topology, settings or Settings(), provider, pools or {}, load_balancer, authority),
        provider,
    )


def completed(stdout: str = "", *, code: int = 0, stderr: str = "") -> Completed:
    """Return a program that ended so."""
    return Completed(("fake",), code, stdout, stderr, 0.0)


def hold_pod(
    kube: FakeKube, name: str, namespace: str = "sample", *, app: str, ready: bool = True
) -> dict[str, Any]:
    """Put a pod of an app there."""
    condition = {"type": "Ready", "status": "True" if ready else "False"}
    return kube.hold(
        "Pod",
        name,
        namespace,
        metadata={"labels": {"app": app}},
        spec={"containers": [{"name": app}]},
        status={"conditions": [condition]},
    )


@dataclass(frozen=True)
class FakeStep:
    """A step that does what a test tells it to."""

    name: str
    cluster: str = "east"
    do: Callable[[Mesh], None] = lambda _: None
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 1

    def __str__(self) -> str:
        return self.name

    def __call__(self, mesh: Mesh) -> None:
        """Do it."""
        self.do(mesh)


@dataclass(frozen=True)
class FakeBenchStep(FakeStep):
    """A step of the environment below Istio."""

    layer: ClassVar[Layer] = Layer.BENCH


@dataclass
class FakeProgress:
    """Keeps what it is told."""

    begun: list[tuple[str, str]] = field(default_factory=list)
    waits: list[tuple[str, str, str, str]] = field(default_factory=list)
    records: list[StepRecord] = field(default_factory=list)

    def started(self, step: str, cluster: str) -> None:
        """Keep it."""
        self.begun.append((step, cluster))

    def waiting(self, step: str, cluster: str, what: str, seconds: float, last: str) -> None:
        """Keep it, without the seconds."""
        del seconds
        self.waits.append((step, cluster, what, last))

    def ended(self, record: StepRecord) -> None:
        """Keep it."""
        self.records.append(record)


def _selects(selector: str, held: Mapping[str, Any]) -> bool:
    labels = held["metadata"].get("labels", {})
    return all(
        labels.get(key) in values if values else key in labels for key, values in _terms(selector)
    )


def _terms(selector: str) -> Iterable[tuple[str, list[str]]]:
    for term in re.split(r",(?![^(]*\))", selector):
        if within := re.fullmatch(r"(\S+) in \((.*)\)", term):
            yield within[1], within[2].split(",")
        elif term:
            key, equals, value = term.partition("=")
            yield key, [value] if equals else []


def _lay_over(held: dict[str, Any], patch: Mapping[str, Any]) -> None:
    for key, value in patch.items():
        if isinstance(value, Mapping) and isinstance(held.get(key), dict):
            _lay_over(held[key], value)
        else:
            held[key] = value
