"""The folder of one node on this machine: the files it mounts, and kind's file that says so."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from harness.engine.owner import Owner
from harness.providers import node_files
from harness.providers.kind_config import CONTAINERD, kind_config
from harness.topology import Cluster


def write_node_home(  # noqa: PLR0913  # what differs from node to node
    folder: Path,
    cluster: Cluster,
    *,
    neighbours: Iterable[Cluster],
    kubernetes: str,
    owner: Owner,
    containerd_root: Path | None,
) -> Path:
    """Write what a cluster of one node needs and return kind's configuration file.

    `containerd_root` holds all its images, if it has them. Nothing that is written is a secret.
    """
    texts = {
        node_files.CNI: node_files.cni(cluster.pods),
        node_files.RULES: node_files.rules(
            cluster.pods, cluster.services, [each.pods for each in neighbours]
        ),
        node_files.UNIT: node_files.unit(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    mounts = {inside: folder / Path(inside).name for inside in texts}
    for inside, text in texts.items():
        mounts[inside].write_text(text)
    if containerd_root is not None:
        mounts[CONTAINERD] = containerd_root
    config = kind_config(cluster, kubernetes=kubernetes, labels=_labels(owner), mounts=mounts)
    file = folder / "kind.yaml"
    file.write_text(yaml.safe_dump(config, sort_keys=False))
    return file


def _labels(owner: Owner) -> dict[str, str]:
    return {
        "meshproof.dev/run": owner.run,
        "meshproof.dev/pid": str(owner.pid),
        "meshproof.dev/expires": str(int(owner.expires.timestamp())),
    }
