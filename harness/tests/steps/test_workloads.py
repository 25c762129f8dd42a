from typing import Any

import pytest

from harness.settings import Images, Settings
from harness.steps.workloads import (
    DeployWorkloads,
    PrepareWorkloads,
    await_deployment,
    httpbin,
    httpbin_service,
    sleep,
    workload_namespace,
)
from harness.tests.fakes import FakeKube, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import primary_remote
from harness.topology import Discovery

SETTINGS = Settings(images=Images(sleep="example.test/curl:1", httpbin="example.test/httpbin:2"))


def pod_of(deployment: Any) -> Any:
    """Return the pod template of a Deployment."""
    return deployment["spec"]["template"]


def test_pods_of_the_namespace_get_a_sidecar() -> None:
    """The namespace asks for injection, by the revision where there is one."""
    assert {"istio-injection": "enabled"} == workload_namespace(primary_remote(), "sample")[
        "metadata"
    ]["labels"]
    assert {"istio.io/rev": "rev"} == workload_namespace(primary_remote(revision="rev"), "sample")[
        "metadata"
    ]["labels"]


def test_httpbin_is_found_as_http_on_port_8000() -> None:
    """The port is named after its protocol and leads to where httpbin listens."""
    service = httpbin_service("sample")
    container = pod_of(httpbin(SETTINGS, "sample"))["spec"]["containers"][0]

    assert [{"name": "http", "port": 8000, "targetPort": 8080}] == service["spec"]["ports"]
    assert [{"containerPort": 8080}] == container["ports"]
    assert (
        service["spec"]["selector"].items()
        <= pod_of(httpbin(SETTINGS, "sample"))["metadata"]["labels"].items()
    )


def test_httpbin_tells_which_pod_answers() -> None:
    """Without the switch its /hostname would tell nothing of the cluster."""
    container = pod_of(httpbin(SETTINGS, "sample"))["spec"]["containers"][0]

    assert [{"name": "USE_REAL_HOSTNAME", "value": "true"}] == container["env"]


@pytest.mark.parametrize(
    ("deployment", "account", "image"),
    [
        (httpbin(SETTINGS, "sample"), "httpbin", "example.test/httpbin:2"),
        (sleep(SETTINGS, "sample"), "sleep", "example.test/curl:1"),
        (sleep(SETTINGS, "sample", name="plain"), "sleep", "example.test/curl:1"),
    ],
    ids=["httpbin", "sleep", "plain"],
)
def test_workloads_run_the_settings_image_under_their_account(
    deployment: Any, account: str, image: str
) -> None:
    """The account is what the SPIFFE id names; the image is not pulled where it is loaded."""
    spec = pod_of(deployment)["spec"]

    assert account == spec["serviceAccountName"]
    assert [(image, "IfNotPresent")] == [
        (each["image"], each["imagePullPolicy"]) for each in spec["containers"]
    ]
    labels = pod_of(deployment)["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert {"app": deployment["metadata"]["name"]} == deployment["spec"]["selector"]["matchLabels"]


def test_a_client_may_refuse_its_sidecar() -> None:
    """Only the client that is asked to goes without."""
    refusing = pod_of(sleep(SETTINGS, "sample", name="plain", injected=False))["metadata"]["labels"]

    assert "false" == refusing["sidecar.istio.io/inject"]
    assert {"app": "sleep"} == pod_of(sleep(SETTINGS, "sample"))["metadata"]["labels"]


def test_namespaces_come_before_what_lies_in_them() -> None:
    """Namespace, accounts and Service httpbin are prepared in the step's cluster."""
    fake = fake_mesh(primary_remote())

    PrepareWorkloads("west")(fake.mesh)

    assert [
        ("apply", "Namespace", "", "sample"),
        ("apply", "ServiceAccount", "sample", "sleep"),
        ("apply", "ServiceAccount", "sample", "httpbin"),
        ("apply", "Service", "sample", "httpbin"),
        ("apply", "Service", "sample", "httpbin-local"),
    ] == fake.kubes["west"].calls
    assert [] == fake.kubes["east"].calls


def test_clients_and_servers_may_live_apart() -> None:
    """With global names sleep is prepared in its own namespace, httpbin in the other."""
    fake = fake_mesh(primary_remote(discovery=Discovery.GLOBAL_NAMES))

    PrepareWorkloads("east")(fake.mesh)

    assert [
        ("apply", "Namespace", "", "foo"),
        ("apply", "Namespace", "", "bar"),
        ("apply", "ServiceAccount", "foo", "sleep"),
        ("apply", "ServiceAccount", "bar", "httpbin"),
        ("apply", "Service", "bar", "httpbin"),
        ("apply", "Service", "bar", "httpbin-local"),
    ] == fake.kubes["east"].calls


def rolled_out(replicas: int = 1, **status: object) -> dict[str, Any]:
    """Return a Deployment of that many replicas, all ready, but for what `status` says."""
    ready = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas"), replicas)
    return {
        "metadata": {"generation": 2},
        "spec": {"replicas": replicas},
        "status": {"observedGeneration": 2, **ready, **status},
    }


@pytest.mark.parametrize(
    ("seen", "deployment"),
    [
        ("", rolled_out()),
        ("", rolled_out(3)),
        ("", {**rolled_out(0), "status": {"observedGeneration": 2}}),
        ("the Deployment is not there", None),
        ("0 ready, 1 wanted; no trouble is told", rolled_out(readyReplicas=0)),
        ("1 wanted; no trouble is told", rolled_out(observedGeneration=1)),
        ("0 of them new", rolled_out(updatedReplicas=0)),
        (
            "2 pods, 1 of them new",
            rolled_out(replicas=1)
            | {
                "status": {
                    "observedGeneration": 2,
                    "replicas": 2,
                    "updatedReplicas": 1,
                    "readyReplicas": 1,
                }
            },
        ),
        (
            "0 ready, 1 wanted; no image",
            rolled_out(
                readyReplicas=0,
                conditions=[
                    {"status": "False", "message": "no image"},
                    {"status": "True", "message": "well"},
                ],
            ),
        ),
    ],
    ids=[
        "ready",
        "three",
        "none-wanted",
        "absent",
        "not-ready",
        "not-observed",
        "old-pods-only",
        "an-old-pod-is-left",
        "in-trouble",
    ],
)
def test_a_deployment_is_rolled_out_when_its_newest_pods_alone_are_ready(
    seen: str, deployment: dict[str, Any] | None
) -> None:
    """The newest generation, exactly as many as wanted, all ready; else its trouble is told."""
    kube = FakeKube()
    if deployment:
        kube.hold("Deployment", "httpbin", "sample", **deployment)

    told = first_look(lambda: await_deployment(kube, "httpbin", "sample", where="east", seconds=60))

    assert bool(seen) is told.startswith("east: Deployment sample/httpbin is rolled out: ")
    assert seen in told


@pytest.mark.parametrize("late", ["", "httpbin", "sleep", "plain"])
def test_workloads_are_deployed_and_awaited_with_the_plain_client(late: str) -> None:
    """All three Deployments are applied, and each is awaited."""
    fake = fake_mesh(primary_remote())
    for name in ("httpbin", "sleep", "plain"):
        fake.kubes["east"].hold(
            "Deployment", name, "sample", **rolled_out(readyReplicas=name != late)
        )

    told = first_look(lambda: DeployWorkloads("east")(fake.mesh))

    assert [
        ("apply", "Deployment", "sample", "httpbin"),
        ("apply", "Deployment", "sample", "sleep"),
        ("apply", "Deployment", "sample", "plain"),
    ] == fake.kubes["east"].calls
    plain = fake.kubes["east"].get("Deployment", "plain", "sample")
    assert "false" == pod_of(plain)["metadata"]["labels"]["sidecar.istio.io/inject"]
    assert (f"Deployment sample/{late} is rolled out" in told) if late else not told
