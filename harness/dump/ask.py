"""Asks one cluster for one piece; the only part of a dump that reaches a cluster."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import yaml

from harness.access import Access, Istioctl, Kube
from harness.dump import pieces, tables
from harness.dump.redact import bare
from harness.errors import HarnessError, RefusedError
from harness.mesh import Mesh
from harness.steps.corefile import CLUSTER_DNS, corefile_of

_BACK = 0.5
"""Seconds that a question ends before its piece does, so that it is the answer which is told."""
_NOT_FOUND = 404

Single = pieces.Events | pieces.Secrets | pieces.Corefile | pieces.Told | pieces.Log | pieces.Envoy
"""The pieces that are one text."""


def ask(mesh: Mesh, cluster: str, piece: pieces.Piece) -> Mapping[str, str]:
    """Return the piece as texts by the files they go to; secrets may still be in them."""
    access = mesh.provider.access(cluster)
    if isinstance(piece, pieces.Objects):
        found = {kind: _objects(access.kube, kind, piece) for kind in piece.kinds}
        return {f"{piece.file}.txt": _lists(found), f"{piece.file}.yaml": _yaml(found)}
    return {piece.file: _text(access, piece, piece.seconds - _BACK)}


def _text(access: Access, piece: Single, limit: float) -> str:
    kube = access.kube
    match piece:
        case pieces.Events(namespaces=namespaces):
            seen = [each for space in namespaces for each in kube.list("Event", space)]
            return tables.events(seen)
        case pieces.Secrets():
            return tables.secrets(kube.list("Secret"))
        case pieces.Corefile():
            return corefile_of(kube, CLUSTER_DNS)
        case pieces.Told(what=what):
            return _told(access.istioctl, what, limit)
        case pieces.Log(namespace=space, pod=pod, container=container, previous=previous):
            return kube.logs(pod, space, container, tail=piece.lines, previous=previous)
        case pieces.Envoy(namespace=space, pod=pod, path=path):
            argv = ["pilot-agent", "request", "GET", path]
            done = kube.exec(pod, space, "istio-proxy", argv, timeout=limit)
            if done.code:
                raise HarnessError(f"{' '.join(argv)} exited {done.code}: {done.stderr.strip()}")
            return done.stdout
        case _:
            assert_never(piece)


def _told(istioctl: Istioctl, what: str, limit: float) -> str:
    if what == "remote-clusters":
        return tables.table(istioctl.remote_clusters(timeout=limit))
    rows = istioctl.proxy_status(timeout=limit)
    flat = [{key: row[key] for key in row if key != "types"} | row["types"] for row in rows]
    return tables.table(flat)


def _objects(kube: Kube, kind: str, piece: pieces.Objects) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for space in piece.namespaces or (None,):
        try:
            found += kube.list(kind, space)
        except RefusedError as refusal:
            if refusal.status != _NOT_FOUND:  # its definition went while we looked
                raise
    return [bare(each) for each in found if piece.named in each["metadata"]["name"]]


def _lists(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    parts = [
        (f"{kind}\n" if len(found) > 1 else "") + tables.listed(kind, objects)
        for kind, objects in found.items()
        if objects or len(found) == 1
    ]
    return "\n".join(parts) or "none\n"


def _yaml(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    every = [each for objects in found.values() for each in objects]
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # many times faster, where it is there
    return yaml.dump_all(every, Dumper=dumper, sort_keys=False, explicit_start=True) or "---\n"
