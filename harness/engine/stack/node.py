"""The node image: a Debian root, kind's own base files, Kubernetes' programs and what is ours."""

from harness.engine.stack.images import Copy, Folder, Image, Layer, Link, Root, Text, Tree
from harness.engine.stack.sources import source

UNITS = "/etc/systemd/system"
REPOSITORY = "meshproof/node"


def node_image(kubernetes: str, pause: str) -> Image:
    """Return what kind expects of a node, with Debian's containerd; it carries no tag yet."""
    wanted = f"{UNITS}/multi-user.target.wants"
    layer = Layer(
        (
            Tree("/", "addons/kind-files", programs=("usr/local/bin/", "kind/bin/")),
            Copy("/usr/bin/kubelet", "kubernetes/bin/kube"),
            Link("/usr/bin/kubeadm", "kubelet"),
            Link("/usr/bin/kubectl", "kubelet"),
            *(
                Link(f"{wanted}/{unit}.service", f"{UNITS}/{unit}.service")
                for unit in ("kubelet", "containerd", "undo-mount-hacks")
            ),
            Link(f"{UNITS}/systemd-binfmt.service", "/dev/null"),
            Text(
                f"{UNITS}/containerd.service.d/10-meshproof.conf",
                source("containerd-unit.conf"),
            ),
            Text("/etc/containerd/config.toml", source("containerd.toml.template", pause=pause)),
            Text("/kind/version", f"v{kubernetes}"),
            Text("/kind/manifests/default-storage.yaml", source("storage.yaml")),
            Folder("/etc/kubernetes/manifests"),
        )
    )
    return Image(
        REPOSITORY,
        (Root("node-root/root.tar"), layer),
        entrypoint=("/usr/local/bin/entrypoint", "/sbin/init"),
        environment=("container=docker",),
        stop_signal="SIGRTMIN+3",
    )
