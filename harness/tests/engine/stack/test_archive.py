import hashlib
import json
from pathlib import Path
import tarfile
from typing import Any

import pytest

from harness.engine.stack.archive import pack
from harness.engine.stack.images import Image, Text
from harness.engine.stack.layers import Blob, write_layer

ALPHA = Image(
    "registry.example/alpha:1",
    (),
    entrypoint=("/alpha",),
    environment=("A=1",),
    user="1337:1337",
    stop_signal="SIGRTMIN+3",
)
BETA = Image("registry.example/beta:2", ())


def _layer(folder: Path, name: str) -> Blob:
    return write_layer((Text(f"/{name}", name),), Path, folder / name)


@pytest.fixture
def images(tmp_path: Path) -> list[tuple[Image, list[Blob]]]:
    """Two images that share their first layer."""
    shared, own = _layer(tmp_path, "shared"), _layer(tmp_path, "own")
    return [(ALPHA, [shared, own]), (BETA, [shared])]


def _content(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        found = {}
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            assert info.name not in found
            found[info.name] = file.read()
        return found


def _blob(content: dict[str, bytes], digest: str) -> Any:
    return json.loads(content[f"blobs/{digest.replace(':', '/')}"])


def test_every_blob_is_named_by_its_digest(
    tmp_path: Path, images: list[tuple[Image, list[Blob]]]
) -> None:
    """Blobs lie under the sha256 of their content, a shared layer once."""
    pack(images, tmp_path / "a.tar", "amd64")
    blobs = {name: data for name, data in _content(tmp_path / "a.tar").items() if "sha256" in name}
    assert len(blobs) == 2 + 2 * 2
    for name, data in blobs.items():
        assert name == f"blobs/sha256/{hashlib.sha256(data).hexdigest()}"


def test_containerd_finds_images_by_their_full_reference(
    tmp_path: Path, images: list[tuple[Image, list[Blob]]]
) -> None:
    """The OCI index names each image; its manifest leads to the config and the layers."""
    digests = pack(images, tmp_path / "a.tar", "arm64")
    content = _content(tmp_path / "a.tar")
    assert json.loads(content["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    entry = json.loads(content["index.json"])["manifests"][0]
    assert entry["annotations"] == {"io.containerd.image.name": ALPHA.reference}
    assert entry["digest"] == digests[ALPHA.reference]
    manifest = _blob(content, entry["digest"])
    assert entry["size"] == len(content[f"blobs/sha256/{entry['digest'][7:]}"])
    config = _blob(content, manifest["config"]["digest"])
    assert config["architecture"] == "arm64"
    assert config["config"] == {
        "Entrypoint": ["/alpha"],
        "Env": ["A=1"],
        "User": "1337:1337",
        "StopSignal": "SIGRTMIN+3",
    }
    layers = [layer["digest"] for layer in manifest["layers"]]
    assert config["rootfs"] == {"type": "layers", "diff_ids": layers}


def test_docker_finds_the_same_blobs(
    tmp_path: Path, images: list[tuple[Image, list[Blob]]]
) -> None:
    """Docker's manifest names tag, config and layers of each image by paths in the archive."""
    pack(images, tmp_path / "a.tar", "amd64")
    content = _content(tmp_path / "a.tar")
    alpha, beta = json.loads(content["manifest.json"])
    assert alpha["RepoTags"] == [ALPHA.reference]
    assert {alpha["Config"], *alpha["Layers"], beta["Config"], *beta["Layers"]} <= content.keys()
    assert alpha["Layers"][0] == beta["Layers"][0]


def test_the_same_images_give_the_same_bytes(
    tmp_path: Path, images: list[tuple[Image, list[Blob]]]
) -> None:
    """An archive can be made again to the byte."""
    pack(images, tmp_path / "a.tar", "amd64")
    pack(images, tmp_path / "b.tar", "amd64")
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
