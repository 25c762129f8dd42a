"""Packs images into one tar file that containerd imports and `docker load` takes, without docker.

It is an OCI image layout with Docker's `manifest.json` beside it, over the same blobs; a layer that
several images share is in it once.
"""

from collections.abc import Iterable, Mapping, Sequence
import hashlib
import io
import json
from pathlib import Path
import platform
import tarfile
from typing import Any

from harness.engine.stack.images import Image
from harness.engine.stack.layers import Blob, add_file, member

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
OCI = "application/vnd.oci.image"


def architecture() -> str:
    """Return this machine's architecture as Go and images name it."""
    machine = platform.machine()
    return ARCHITECTURES.get(machine, machine)


def config(image: Image, layers: Iterable[Blob], machine: str) -> dict[str, Any]:
    """Return an image's configuration as the OCI image specification has it."""
    settings = {
        "Entrypoint": list(image.entrypoint),
        "Env": list(image.environment),
        "User": image.user,
        "StopSignal": image.stop_signal,
    }
    return {
        "architecture": machine,
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": {key: value for key, value in settings.items() if value},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.digest}" for layer in layers]},
        "history": [{"created": "1970-01-01T00:00:00Z"} for _ in layers],
    }


def pack(
    images: Sequence[tuple[Image, Sequence[Blob]]], path: Path, machine: str
) -> dict[str, str]:
    """Write the archive and return each reference's digest; the same images, the same bytes."""
    members: dict[str, bytes | Path] = {}

    def keep(content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        members[f"blobs/sha256/{digest}"] = content
        return digest

    index, docker, digests = [], [], {}
    for image, layers in images:
        for layer in layers:
            members[f"blobs/sha256/{layer.digest}"] = layer.path
        settings = _json(config(image, layers, machine))
        manifest = _json(
            {
                "schemaVersion": 2,
                "mediaType": f"{OCI}.manifest.v1+json",
                "config": _descriptor("config.v1+json", keep(settings), len(settings)),
                "layers": [_descriptor("layer.v1.tar", item.digest, item.size) for item in layers],
            }
        )
        digest = keep(manifest)
        digests[image.reference] = f"sha256:{digest}"
        index.append(
            _descriptor("manifest.v1+json", digest, len(manifest))
            | {"annotations": {"io.containerd.image.name": image.reference}}
        )
        docker.append(
            {
                "Config": f"blobs/sha256/{hashlib.sha256(settings).hexdigest()}",
                "RepoTags": [image.reference],
                "Layers": [f"blobs/sha256/{layer.digest}" for layer in layers],
            }
        )
    members["oci-layout"] = _json({"imageLayoutVersion": "1.0.0"})
    members["index.json"] = _json({"schemaVersion": 2, "manifests": index})
    members["manifest.json"] = _json(docker)
    _write(members, path)
    return digests


def _write(members: Mapping[str, bytes | Path], path: Path) -> None:
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(members):
            content = members[name]
            if isinstance(content, Path):
                add_file(archive, member(name), content)
            else:
                archive.addfile(member(name, size=len(content)), io.BytesIO(content))


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _descriptor(kind: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": f"{OCI}.{kind}", "digest": f"sha256:{digest}", "size": size}
