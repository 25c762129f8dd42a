"""kind's configuration of one cluster, as data: what it must have, and what makes it start soon.

What is changed for speed was measured with two clusters side by side on two cores: from 15 s to
less than 10.
"""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from harness.topology import Cluster

CONTAINERD = "/var/lib/containerd"
_lists_arguments = 36
"""The minor version of Kubernetes from which on kind writes kubeadm's v1beta4."""
# kind gives every node a /tmp in memory: etcd waits for its disk otherwise, and so does all else
_etcd_data = "/tmp/etcd"  # noqa: S108  # of a node, where nobody else writes
# controllers start one after the other, each with requests of its own, at 20 a second by default
_controllers = {"leader-elect": "false", "kube-api-qps": "200", "kube-api-burst": "400"}
# a single scheduler, of whom nobody asks anything: it need not learn first whom to answer
_scheduler = _controllers | {"authentication-skip-lookup": "true"}
_skipped_phases = ("preflight", "bootstrap-token", "show-join-command", "kubelet-finalize")
"""Checks that kind has made already, what joins further nodes, and a restart of the kubelet."""


def kind_config(
    cluster: Cluster, *, kubernetes: str, labels: Mapping[str, str], mounts: Mapping[str, Path]
) -> dict[str, Any]:
    """Return the configuration of a cluster of one node that runs this version of Kubernetes.

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
        "kubeadmConfigPatches": [json.dumps(patch) for patch in _patches(kubernetes)],
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


def _patches(kubernetes: str) -> tuple[dict[str, Any], ...]:
    as_list = int(kubernetes.split(".")[1]) >= _lists_arguments
    # keys of elliptic curves are made at once, RSA's take a second of a core for each cluster
    keys = (
        {"encryptionAlgorithm": "ECDSA-P256"}
        if as_list
        else {"featureGates": {"PublicKeysECDSA": True}}
    )
    return (
        {
            "kind": "ClusterConfiguration",
            "etcd": {"local": {"dataDir": _etcd_data}},
            "controllerManager": {"extraArgs": _arguments(_controllers, as_list=as_list)},
            "scheduler": {"extraArgs": _arguments(_scheduler, as_list=as_list)},
            **keys,
        },
        {"kind": "InitConfiguration", "skipPhases": list(_skipped_phases)},
        {"kind": "KubeProxyConfiguration", "iptables": {"minSyncPeriod": "100ms"}},
        {"kind": "KubeletConfiguration", "kubeAPIQPS": 200, "kubeAPIBurst": 400},
    )


def _arguments(arguments: Mapping[str, str], *, as_list: bool) -> Any:
    if as_list:
        return [{"name": name, "value": value} for name, value in arguments.items()]
    return dict(arguments)
