"""kind's configuration of one cluster, as data."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from harness.topology import Cluster

CONTAINERD = "/var/lib/containerd"
# kind gives every node a /tmp in memory: etcd waits for its disk otherwise, and so does all else
_etcd_data = "/tmp/etcd"  # noqa: S108  # of a node, where nobody else writes

_cluster_configuration = {
    "kind": "ClusterConfiguration",
    "etcd": {"local": {"dataDir": _etcd_data}},
}


def kind_config(
    cluster: Cluster, *, labels: Mapping[str, str], mounts: Mapping[str, Path]
) -> dict[str, Any]:
    """Return the configuration of a cluster of one node.

    `labels` go on the node, `mounts` says which path of the node is which of this machine.
    """
    return {
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "networking": {
            "ipFamily": "ipv4",
            "podSubnet": str(cluster.pods),
            "serviceSubnet": str(cluster.services),
            "disableDefaultCNI": True,
        },
        "kubeadmConfigPatches": [json.dumps(each) for each in (_cluster_configuration,)],
        "nodes": [
            {
                "role": "control-plane",
                "labels": dict(labels),
                "extraMounts": [
                    {
                        "hostPath": str(path),
                        "containerPath": inside,
                        "readOnly": inside != CONTAINERD,
                    }
                    for inside, path in mounts.items()
                ],
            }
        ],
    }
