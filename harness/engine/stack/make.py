"""Makes a part of the stack from its recipe, in an empty folder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
import json
from pathlib import Path
import shutil
from typing import assert_never

from harness.access import Shell
from harness.engine.stack import golang, unpack
from harness.engine.stack.archive import architecture, pack
from harness.engine.stack.images import Image, Root
from harness.engine.stack.layers import Blob, blob, write_layer
from harness.engine.stack.parts import (
    ContainerdRoot,
    GoModule,
    NodeArchive,
    Part,
    RootFileSystem,
    Wheel,
)
from harness.engine.stack.tied import confined
from harness.engine.stack.wheels import install_wheel

DOCUMENTS = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")
# every build of a root file system gets this date, so that equal packages give equal files
EPOCH = "1767225600"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What makers work with: programs of this machine, the Go tool chain, the parts made before."""

    shell: Shell
    go: golang.Toolchain
    made: Mapping[str, Path]

    def find(self, source: str) -> Path:
        """Return the file or folder that `part/path` names."""
        part, _, path = source.partition("/")
        return self.made[part] / path


def make(part: Part, fingerprint: str, folder: Path, workshop: Workshop) -> None:
    """Make the part in the folder."""
    match part.recipe:
        case GoModule() as module:
            golang.build(module, folder, workshop.go.program(), workshop.shell)
        case Wheel() as wheel:
            unpacked = folder / "wheel"
            install_wheel(wheel.requirement, unpacked, workshop.shell)
            for path, name in wheel.files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (unpacked / path).rename(folder / name)
                (folder / name).chmod(0o755)
            shutil.rmtree(unpacked)
        case RootFileSystem() as root:
            _make_root(root, folder, workshop.shell)
        case NodeArchive(image):
            tagged = replace(image, reference=f"{image.reference}:{fingerprint[:12]}")
            _pack((tagged,), folder, folder / "node.tar", workshop)
        case ContainerdRoot(images, programs):
            archive = folder / "images.tar"
            _pack(images, folder, archive, workshop)
            unpack.unpack(archive, workshop.find(programs), folder, workshop.shell)
            archive.unlink()
        case _:
            assert_never(part.recipe)


def _make_root(root: RootFileSystem, folder: Path, shell: Shell) -> None:
    chroot = folder / "chroot"
    chroot.mkdir()
    shell.run(
        confined(
            (
                "mmdebstrap",
                "--variant=minbase",
                f"--include={','.join(root.packages)}",
                *(f"--dpkgopt=path-exclude={path}" for path in DOCUMENTS),
                *(f"--customize-hook={command}" for command in root.commands),
                root.suite,
                str(folder / "root.tar"),
            )
        ),
        timeout=1800,
        env={"SOURCE_DATE_EPOCH": EPOCH, "LC_ALL": "C.UTF-8", "TMPDIR": str(chroot)},
    )
    shutil.rmtree(chroot)


def _pack(images: tuple[Image, ...], folder: Path, archive: Path, workshop: Workshop) -> None:
    layers: dict[object, Blob] = {}
    packed = []
    for image in images:
        for layer in image.layers:
            if layer in layers:
                continue
            if isinstance(layer, Root):
                layers[layer] = blob(workshop.find(layer.source))
            else:
                path = folder / f"layer{len(layers)}.tar"
                layers[layer] = write_layer(layer.entries, workshop.find, path)
        packed.append((image, [layers[layer] for layer in image.layers]))
    digests = pack(packed, archive, architecture())
    (folder / "digests.json").write_text(json.dumps(digests, indent=1, sort_keys=True))
    for made in layers.values():
        if made.path.parent == folder:
            made.path.unlink()
