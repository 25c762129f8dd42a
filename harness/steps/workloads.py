"""sleep and httpbin, as the documents deploy them: the clients and servers of every claim."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.access import Kube, Manifest
from harness.errors import NotYet
from harness.mesh import NO_LABELS, Layer, Mesh
from harness.patience import until
from harness.settings import Settings
from harness.topology import Topology

PORT = 8000


@dataclass(frozen=True, slots=True)
class PrepareWorkloads:
    """The namespace of the workloads is there, injected, and Service httpbin within it."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 30

    def __str__(self) -> str:
        return f"prepare the workloads of {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        topology = mesh.topology
        mesh.kube(self.cluster).apply(
            *(
                workload_namespace(topology, name, labels=mesh.labels)
                for name in topology.namespaces
            ),
            service_account("sleep", topology.client_namespace),
            service_account("httpbin", topology.server_namespace),
            httpbin_service(topology.server_namespace),
            httpbin_service(topology.server_namespace, name="httpbin-local"),
        )


@dataclass(frozen=True, slots=True)
class DeployWorkloads:
    """sleep and httpbin run, each with a sidecar that is ready, and `plain`, a sleep without."""

    cluster: str
    layer: ClassVar[Layer] = Layer.MESH
    seconds: ClassVar[float] = 180

    def __str__(self) -> str:
        return f"deploy sleep and httpbin in {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        kube, settings, topology = mesh.kube(self.cluster), mesh.settings, mesh.topology
        clients = topology.client_namespace
        kube.apply(
            httpbin(settings, topology.server_namespace),
            sleep(settings, clients),
            sleep(settings, clients, name="plain", injected=False),
        )
        for name, namespace in {**topology.workloads, "plain": clients}.items():
            await_deployment(kube, name, namespace, where=self.cluster, seconds=self.seconds)


def await_deployment(kube: Kube, name: str, namespace: str, *, where: str, seconds: float) -> None:
    """Return once exactly the wanted replicas of the newest generation are ready."""

    def rolled_out() -> None:
        deployment = kube.get("Deployment", name, namespace)
        if deployment is None:
            raise NotYet("the Deployment is not there")
        status, wanted = deployment.get("status", {}), deployment["spec"].get("replicas", 1)
        settled = status.get("observedGeneration") == deployment["metadata"]["generation"]
        counts = [status.get(key, 0) for key in ("replicas", "updatedReplicas", "readyReplicas")]
        if not settled or counts != [wanted] * 3:
            told = "{} pods, {} of them new, {} ready".format(*counts)
            raise NotYet(f"{told}, {wanted} wanted; {_trouble(status)}")

    until(f"{where}: Deployment {namespace}/{name} is rolled out", rolled_out, seconds)


def _trouble(status: dict[str, Any]) -> str:
    conditions: Iterable[dict[str, Any]] = status.get("conditions", ())
    bad = [each.get("message", "") for each in conditions if each.get("status") == "False"]
    return "; ".join(bad) or "no trouble is told"


def workload_namespace(
    topology: Topology, name: str, *, labels: Mapping[str, str] = NO_LABELS
) -> Manifest:
    """Return a namespace whose pods get a sidecar, from the topology's revision if it has one."""
    revision = topology.revision
    injected = {"istio.io/rev": revision} if revision else {"istio-injection": "enabled"}
    metadata = {"name": name, "labels": injected | dict(labels)}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def service_account(name: str, namespace: str) -> Manifest:
    """Return the ServiceAccount that a workload's SPIFFE id names."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "namespace": namespace},
    }


def httpbin_service(namespace: str, *, name: str = "httpbin") -> Manifest:
    """Return a Service of httpbin, port 8000, named http so that no protocol is guessed."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": "httpbin"}},
        "spec": {
            "selector": {"app": "httpbin"},
            "ports": [{"name": "http", "port": PORT, "targetPort": 8080}],
        },
    }


def httpbin(settings: Settings, namespace: str) -> Manifest:
    """Return Deployment httpbin, which tells the name of the pod that answers."""
    container = {
        "name": "httpbin",
        "image": settings.images.httpbin,
        "imagePullPolicy": "IfNotPresent",
        "env": [{"name": "USE_REAL_HOSTNAME", "value": "true"}],
        "ports": [{"containerPort": 8080}],
    }
    return _deployment("httpbin", namespace, container, account="httpbin", labels={})


def sleep(
    settings: Settings, namespace: str, *, name: str = "sleep", injected: bool = True
) -> Manifest:
    """Return Deployment sleep: a client with a shell and curl, with a sidecar unless refused."""
    container = {
        "name": "sleep",
        "image": settings.images.sleep,
        "imagePullPolicy": "IfNotPresent",
        "command": ["sleep", "infinity"],
    }
    labels = {} if injected else {"sidecar.istio.io/inject": "false"}
    return _deployment(name, namespace, container, account="sleep", labels=labels)


def _deployment(
    name: str,
    namespace: str,
    container: Manifest,
    *,
    account: str,
    labels: Mapping[str, str],
) -> Manifest:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name, **labels}},
                "spec": {
                    "serviceAccountName": account,
                    "terminationGracePeriodSeconds": 1,
                    "containers": [container],
                },
            },
        },
    }
