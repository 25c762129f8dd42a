"""The images that run in a cluster, under the references that manifests name them by."""

from harness.engine.stack.images import Copy, Image, Layer, Link, Root
from harness.engine.stack.programs import CONTROL_PLANE
from harness.engine.stack.served import KUBERNETES, minor
from harness.settings import Images, Versions

BASE = Root("base/root.tar")
ISTIO_USER = "1337"


def pause_reference(versions: Versions) -> str:
    """Return the pause image that kubeadm asks for."""
    return f"registry.k8s.io/pause:{KUBERNETES[minor(versions.kubernetes)].pause_tag}"


def cluster_images(versions: Versions) -> tuple[Image, ...]:
    """Return every image; those that run scripts or iptables stand on the small Debian root."""
    return (*_kubernetes(versions), *_addons(versions), *_istio(versions))


def _kubernetes(versions: Versions) -> tuple[Image, ...]:
    release = KUBERNETES[minor(versions.kubernetes)]
    programs = Layer(
        (
            Copy("/usr/local/bin/kube", "kubernetes/bin/kube"),
            *(Link(f"/usr/local/bin/{name}", "kube") for name in CONTROL_PLANE),
        )
    )
    return (
        *(
            Image(f"registry.k8s.io/{name}:v{versions.kubernetes}", (BASE, programs))
            for name in CONTROL_PLANE
        ),
        Image(
            f"registry.k8s.io/etcd:{versions.etcd}-{release.etcd_suffix}",
            (Layer((Copy("/usr/local/bin/etcd", "addons/bin/etcd"),)),),
            environment=("PATH=/usr/local/bin",),
        ),
        _alone(f"registry.k8s.io/coredns/coredns:{release.coredns_tag}", "coredns"),
        _alone(pause_reference(versions), "pause"),
    )


def _addons(versions: Versions) -> tuple[Image, ...]:
    return (
        _alone(f"quay.io/metallb/controller:v{versions.metallb}", "controller"),
        _alone(f"quay.io/metallb/speaker:v{versions.metallb}", "speaker"),
        _alone(f"docker.io/mccutchen/go-httpbin:v{versions.httpbin}", "go-httpbin"),
        Image(Images().sleep, (BASE,), entrypoint=("/usr/bin/curl",)),
    )


def _istio(versions: Versions) -> tuple[Image, ...]:
    discovery, agent = "/usr/local/bin/pilot-discovery", "/usr/local/bin/pilot-agent"
    pilot = Layer((Copy(discovery, "istio/bin/pilot-discovery"),))
    bootstrap = "envoy_bootstrap_tmpl.json"
    proxy = Layer(
        (
            Copy(agent, "istio/bin/pilot-agent"),
            Copy("/usr/local/bin/envoy", "envoy/bin/envoy"),
            Copy(f"/var/lib/istio/envoy/{bootstrap}", f"istio/{bootstrap}", mode=0o644),
        )
    )
    return (
        Image(
            f"docker.io/istio/pilot:{versions.istio}",
            (BASE, pilot),
            entrypoint=(discovery,),
            user=f"{ISTIO_USER}:{ISTIO_USER}",
        ),
        Image(f"docker.io/istio/proxyv2:{versions.istio}", (BASE, proxy), entrypoint=(agent,)),
    )


def _alone(reference: str, program: str) -> Image:
    layer = Layer((Copy(f"/{program}", f"addons/bin/{program}"),))
    return Image(reference, (layer,), entrypoint=(f"/{program}",))
