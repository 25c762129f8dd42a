from hashlib import sha256

from harness.observation import ControlPlane, InjectedPod, RemoteCluster, Unseen
from harness.probes import control_planes
from harness.tests.fakes import FakeKube, FakeMesh, fake_mesh, hold_pod
from harness.tests.topologies import mixed, primary_remote
from harness.topology import Discovery

PEM = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"
LOST = "the API server does not answer"


def hold_slice(kube: FakeKube, name: str, service: str, *addresses: str) -> None:
    """Put an EndpointSlice of a Service there."""
    kube.hold(
        "EndpointSlice.discovery.k8s.io/v1",
        name,
        "istio-system",
        metadata={"labels": {"kubernetes.io/service-name": service}},
        endpoints=[{"addresses": [address]} for address in addresses],
    )


def hold_injector(kube: FakeKube, name: str = "istio-sidecar-injector", **config: object) -> None:
    """Put an injector there that calls what `config` says."""
    webhooks = [{"clientConfig": config}, {"clientConfig": {}}]
    kube.hold("MutatingWebhookConfiguration", name, webhooks=webhooks)


def furnished() -> FakeMesh:
    """Return a primary and its remote as they stand when all is well."""
    fake = fake_mesh(primary_remote())
    east, west = fake.kubes["east"], fake.kubes["west"]
    hold_pod(east, "istiod-1", "istio-system", app="istiod")
    hold_pod(east, "gateway-1", "istio-system", app="istio-eastwestgateway")
    hold_slice(east, "istiod-abc", "istiod", "10.10.0.5")
    hold_slice(west, "istiod", "istiod", "172.18.255.239")
    hold_slice(west, "other", "other", "10.12.0.9")
    service = {"namespace": "istio-system", "name": "istiod", "path": "/inject"}
    hold_injector(east, service=service)
    hold_injector(west, service={**service, "path": "/inject/cluster/west/net/network1"})
    east.hold("Namespace", "istio-system")
    annotations = {"topology.istio.io/controlPlaneClusters": "east"}
    west.hold("Namespace", "istio-system", metadata={"annotations": annotations})
    for kube, end in ((east, "\n"), (west, "")):
        kube.hold("ConfigMap", "istio-ca-root-cert", "sample", data={"root-cert.pem": PEM + end})
    return fake


def test_a_control_plane_is_what_stands_in_istio_system() -> None:
    """Istiods, injector, endpoints, annotation and root of each cluster, in the file's order."""
    root = sha256(PEM.encode()).hexdigest()

    assert [
        ControlPlane("east", ("istiod-1",), "istio-system/istiod/inject", ("10.10.0.5",), root),
        ControlPlane(
            "west",
            (),
            "istio-system/istiod/inject/cluster/west/net/network1",
            ("172.18.255.239",),
            root,
            annotation="east",
        ),
    ] == control_planes.control_planes(furnished().mesh)


def test_an_empty_cluster_has_an_empty_control_plane() -> None:
    """What is not there is told as not there: it was looked at."""
    (seen,) = {
        each
        for each in control_planes.control_planes(fake_mesh(primary_remote()).mesh)
        if isinstance(each, ControlPlane) and each.cluster == "west"
    }

    assert ControlPlane("west", (), "", (), "") == seen


def test_a_cluster_that_does_not_answer_is_not_taken_for_empty() -> None:
    """One Unseen for it; the other cluster is looked at all the same."""
    fake = furnished()
    fake.kubes["west"].down = True

    east, west = control_planes.control_planes(fake.mesh)

    assert isinstance(east, ControlPlane)
    assert Unseen("west", "its control plane", LOST) == west


def test_roots_that_differ_are_told_apart_and_line_ends_do_not_matter() -> None:
    """The fingerprint is of the certificate, not of the white space around it."""
    fake = furnished()
    fake.kubes["west"].hold(
        "ConfigMap", "istio-ca-root-cert", "sample", data={"root-cert.pem": PEM + "x"}
    )

    roots = [getattr(each, "root", "") for each in control_planes.control_planes(fake.mesh)]

    assert len(set(roots)) == 2
    assert len(PEM) not in {len(root) for root in roots}


def test_an_injector_by_url_is_told_by_its_url() -> None:
    """A webhook that calls no Service names an address."""
    fake = furnished()
    hold_injector(fake.kubes["west"], url="https://172.18.255.239:15017/inject")

    west = control_planes.control_planes(fake.mesh)[1]

    assert isinstance(west, ControlPlane)
    assert "https://172.18.255.239:15017/inject" == west.injector_service


def test_a_revision_has_its_own_injector_and_service() -> None:
    """Only what bears the revision's name is looked at."""
    fake = fake_mesh(primary_remote(revision="rev"))
    west = fake.kubes["west"]
    hold_slice(west, "one", "istiod", "10.0.0.1")
    hold_slice(west, "two", "istiod-rev", "172.18.255.240", "172.18.255.239")
    hold_injector(west, url="https://default")
    hold_injector(west, "istio-sidecar-injector-rev", url="https://rev")

    seen = control_planes.control_planes(fake.mesh)[1]

    assert isinstance(seen, ControlPlane)
    assert ("https://rev", ("172.18.255.239", "172.18.255.240")) == (
        seen.injector_service,
        seen.endpoints,
    )


def test_addresses_of_several_slices_are_told_once_each() -> None:
    """Endpoints are a set; a slice without any has none."""
    fake = fake_mesh(primary_remote())
    west = fake.kubes["west"]
    hold_slice(west, "one", "istiod", "10.0.0.2", "10.0.0.1")
    hold_slice(west, "two", "istiod", "10.0.0.1")
    hold_slice(west, "three", "istiod")
    west.objects["EndpointSlice.discovery.k8s.io/v1", "istio-system", "three"]["endpoints"] = None

    seen = control_planes.control_planes(fake.mesh)[1]

    assert isinstance(seen, ControlPlane)
    assert ("10.0.0.1", "10.0.0.2") == seen.endpoints


def test_every_primary_is_asked_whom_it_watches() -> None:
    """Rows keep the primary that told them; remotes have no istiod to ask."""
    fake = fake_mesh(mixed())
    row = {"secret": "istio-system/istio-remote-secret-west", "status": "synced", "istiod": "i-1"}
    fake.istioctls["east"].watched = [{"name": "west", **row}]
    fake.istioctls["north"].watched = [{"name": "west", **row, "status": "timeout"}]
    fake.istioctls["west"].watched = [{"name": "east", **row}]

    assert [
        RemoteCluster("east", "west", "istio-system/istio-remote-secret-west", "synced"),
        RemoteCluster("north", "west", "istio-system/istio-remote-secret-west", "timeout"),
    ] == control_planes.remote_clusters(fake.mesh)


def test_a_primary_that_does_not_answer_leaves_open_whom_it_watches() -> None:
    """The others' rows are told beside what was lost."""
    fake = fake_mesh(mixed())
    fake.istioctls["east"].down = True
    fake.istioctls["north"].watched = [{"name": "east", "secret": "s", "status": "synced"}]

    assert [
        Unseen("east", "istioctl remote-clusters", LOST),
        RemoteCluster("north", "east", "s", "synced"),
    ] == control_planes.remote_clusters(fake.mesh)


def injected(kube: FakeKube, name: str, app: str, cluster: str, *, native: bool = False) -> None:
    """Put a pod there that has a sidecar for this cluster."""
    env = {"ISTIO_META_CLUSTER_ID": cluster, "ISTIO_META_NETWORK": "network1", "CA_ADDR": "i:15012"}
    proxy = {
        "name": "istio-proxy",
        "env": [
            *({"name": key, "value": value} for key, value in env.items()),
            {"name": "POD_NAME", "valueFrom": {}},
        ],
    }
    pod = hold_pod(kube, name, app=app)
    pod["spec"] = {
        "initContainers": [{"name": "istio-init"}, *([proxy] if native else [])],
        "containers": [{"name": app}, *([] if native else [proxy])],
    }


def test_pods_tell_for_whom_they_were_injected() -> None:
    """Containers, cluster, network and discovery address, of sidecars of either kind."""
    fake = fake_mesh(primary_remote())
    injected(fake.kubes["east"], "sleep-1", "sleep", "east")
    injected(fake.kubes["west"], "httpbin-1", "httpbin", "west", native=True)
    hold_pod(fake.kubes["west"], "sleep-2", app="sleep")
    hold_pod(fake.kubes["west"], "plain-1", app="plain")

    told = ("network1", "i:15012")
    assert [
        InjectedPod("east", "sleep-1", ("istio-init", "sleep", "istio-proxy"), "east", *told),
        InjectedPod("west", "sleep-2", ("sleep",)),
        InjectedPod("west", "httpbin-1", ("istio-init", "istio-proxy", "httpbin"), "west", *told),
    ] == control_planes.injected_pods(fake.mesh)


def test_pods_that_go_are_left_out_and_lost_clusters_are_told() -> None:
    """A pod that is being deleted claims nothing; a cluster that is lost is Unseen."""
    fake = fake_mesh(primary_remote())
    hold_pod(fake.kubes["east"], "sleep-1", app="sleep")["metadata"]["deletionTimestamp"] = "now"
    fake.kubes["west"].down = True

    assert [Unseen("west", "the workloads' pods", LOST)] == control_planes.injected_pods(fake.mesh)


def test_pods_are_looked_for_where_they_live() -> None:
    """With global names sleep and httpbin have namespaces of their own."""
    fake = fake_mesh(primary_remote(discovery=Discovery.GLOBAL_NAMES))
    for name, namespace, app in (
        ("right", "foo", "sleep"),
        ("wrong", "bar", "sleep"),
        ("too", "bar", "httpbin"),
    ):
        hold_pod(fake.kubes["east"], name, namespace, app=app)

    seen = control_planes.injected_pods(fake.mesh)

    assert ["right", "too"] == [each.pod for each in seen if isinstance(each, InjectedPod)]


def test_injectors_follow_from_roles_and_revision() -> None:
    """A primary's webhook calls /inject; a remote's names its cluster and network."""
    assert {
        "east": "istio-system/istiod/inject",
        "west": "istio-system/istiod/inject/cluster/west/net/network1",
        "north": "istio-system/istiod/inject",
    } == control_planes.injectors(mixed())
    assert {
        "east": "istio-system/istiod-rev/inject",
        "west": "istio-system/istiod-rev/inject/cluster/west/net/network1",
    } == control_planes.injectors(primary_remote(revision="rev"))
