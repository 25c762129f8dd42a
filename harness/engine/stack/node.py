"""The node image: a Debian root, kind's own base files, Kubernetes' programs and what is ours."""

from pathlib import Path
from string import Template

from harness.engine.stack.images import Copy, Folder, Image, Layer, Link, Root, Text, Tree

SOURCES = Path(__file__).parent / "sources"
UNITS = "/etc/systemd/system"
REPOSITORY = "meshproof/node"


def node_image(kubernetes: str, pause: str) -> Image:
    """Return what kind expects of a node, with Debian's containerd; it carries no tag yet."""
    wanted = f"{UNITS}/multi-user.target.wants"
    containerd = Template((SOURCES / "containerd.toml.template").read_text())
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
                (SOURCES / "containerd-unit.conf").read_text(),
            ),
            Text("/etc/containerd/config.toml", containerd.substitute(pause=pause)),
            Text("/kind/version", f"v{kubernetes}"),
            Text("/kind/manifests/default-storage.yaml", (SOURCES / "storage.yaml").read_text()),
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
