"""One kubeconfig for a whole mesh: a context for each cluster, named as the topology names it."""

from collections.abc import Mapping
import os
from pathlib import Path
from typing import Any

import yaml


def write(path: Path, clusters: Mapping[str, Path]) -> Path:
    """Write it to `path`, for its owner only, from each cluster's own kubeconfig; return the path.

    A cluster whose kubeconfig is not there is left out; the first one is the current context.
    """
    there = {name: own for name, own in clusters.items() if own.is_file()}
    merged: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": next(iter(there), ""),
        "clusters": [],
        "users": [],
        "contexts": [],
    }
    for name, own in there.items():
        content = yaml.safe_load(own.read_text())
        merged["clusters"].append({"name": name, "cluster": content["clusters"][0]["cluster"]})
        merged["users"].append({"name": name, "user": content["users"][0]["user"]})
        merged["contexts"].append({"name": name, "context": {"cluster": name, "user": name}})
    part = path.with_suffix(f".{os.getpid()}")
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part.touch(mode=0o600)
    part.write_text(yaml.safe_dump(merged, sort_keys=False))
    part.replace(path)
    return path
