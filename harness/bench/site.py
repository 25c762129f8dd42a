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

_etcd_in_memory = {
    "kind": "ClusterConfiguration",
    "etcd": {"local": {"dataDir": "/tmp/etcd"}},  # noqa: S108  # of a node, where nobody else writes
}


def prepare_site(mesh: Mesh, stack: Stack, *, run: str, folder: Path, shell: Shell) -> Site:
    """Write each node's files, clone its images, and return the site; no cluster is made.

    The provider of the mesh finds clusters and clones by their names and can delete them.
    """
    configs, names = {}, {}
    folder.mkdir(parents=True, mode=0o700)
    for cluster in mesh.topology.clusters:
        name = names[cluster.name] = kind_name(run, mesh.topology.name, cluster.name)
        mounts = {node_files.CNI: folder / f"{cluster.name}.conflist"}
        mounts[node_files.CNI].write_text(node_files.cni(cluster.pods))
        if stack.containerd_root is not None:
            mounts[CONTAINERD] = cache_folder() / "nodes" / run / name
            clone_containerd_root(shell, stack.containerd_root, mounts[CONTAINERD])
        configs[cluster.name] = plain_config(
            cluster, kubernetes=stack.versions.kubernetes, run=run, mounts=mounts
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
    )


def plain_config(
    cluster: Cluster, *, kubernetes: str, run: str, mounts: Mapping[str, Path]
) -> Manifest:
    """Return kind's file without what meshproof tunes, but for etcd's data in memory."""
    config = kind_config(
        cluster, kubernetes=kubernetes, labels={"meshproof.dev/run": run}, mounts=mounts
    )
    return {**config, "kubeadmConfigPatches": [json.dumps(_etcd_in_memory)]}
