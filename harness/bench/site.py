"""The documents' side on this machine: its clusters' names, files, images and addresses."""

from collections.abc import Mapping
import json
from pathlib import Path

from harness.access import Manifest, Shell
from harness.bench.documents import Site
from harness.engine import Stack
from harness.engine.stack.store import cache_folder
from harness.mesh import Mesh
from harness.providers import node_files
from harness.providers.containerd_root import clone_containerd_root
from harness.providers.kind import kind_name
from harness.providers.kind_config import CONTAINERD, kind_config
from harness.topology import Cluster

_in_memory = {
    "kind": "ClusterConfiguration",
    "etcd": {"local": {"dataDir": "/tmp/etcd"}},  # noqa: S108  # of a node, where nobody else writes
}


def prepare_site(mesh: Mesh, stack: Stack, *, folder: Path, shell: Shell, tuned: bool) -> Site:
    """Write each node's files and return the site; no cluster is made.

    With `tuned` its nodes are as quick as meshproof's: their images are cloned now, their etcd
    writes to memory. Otherwise each gets a copy of its own when it is made, as the volume of
    kind's nodes does, and etcd is where kubeadm puts it.
    The provider of the mesh finds clusters and images by their names and can delete them.
    """
    run, configs, names, copies = mesh.run, {}, {}, {}
    folder.mkdir(parents=True, mode=0o700)
    for cluster in mesh.topology.clusters:
        name = names[cluster.name] = kind_name(run, mesh.topology.name, cluster.name)
        mounts = {node_files.CNI: folder / f"{cluster.name}.conflist"}
        mounts[node_files.CNI].write_text(node_files.cni(cluster.pods))
        if stack.containerd_root is not None:
            own = mounts[CONTAINERD] = cache_folder() / "nodes" / run / name
            if tuned:
                clone_containerd_root(shell, stack.containerd_root, own)
            else:
                own.mkdir(parents=True)
                copies[cluster.name] = (stack.containerd_root, own)
        configs[cluster.name] = plain_config(
            cluster, kubernetes=stack.versions.kubernetes, run=run, mounts=mounts, tuned=tuned
        )
    return Site(
        kind=stack.tools.kind,
        kubectl=stack.tools.kubectl,
        istioctl=stack.tools.istioctl,
        metallb=stack.tools.metallb,
        kubeconfig=folder / "kubeconfig",
        kind_names=names,
        kind_configs=configs,
        node_image=stack.images.node,
        pools=mesh.pools,
        copies=copies,
    )


def plain_config(
    cluster: Cluster, *, kubernetes: str, run: str, mounts: Mapping[str, Path], tuned: bool
) -> Manifest:
    """Return kind's file without what meshproof tunes, but for etcd's memory with `tuned`."""
    config = kind_config(
        cluster, kubernetes=kubernetes, labels={"meshproof.dev/run": run}, mounts=mounts
    )
    return {**config, "kubeadmConfigPatches": [json.dumps(_in_memory)] if tuned else []}
