import os
from pathlib import Path
import tarfile

import pytest

from harness.drivers.shell import LocalShell
from harness.engine.stack.carry import export, take_in
from harness.engine.stack.parts import Part, Wheel, fingerprints
from harness.engine.stack.store import Store
from harness.errors import HostError, UsageError

PARTS = (
    Part("tool", "a tool", Wheel("tool==1", ()), 1),
    Part("images", "images", Wheel("images==1", ()), 1, needs=("tool",)),
)


def built(root: Path) -> Store:
    """Return a store in which both parts are, one with a hard link and an odd mode."""
    store, keys = Store(root), fingerprints(PARTS)
    for part in PARTS:
        folder = store.folder(part, keys[part.name])
        folder.mkdir(parents=True)
        (folder / "file").write_text(part.name)
        (folder / "file").chmod(0o4711)
        os.link(folder / "file", folder / "twin")
    return store


def test_what_was_built_is_carried_whole(tmp_path: Path) -> None:
    """Links, modes and contents are the same there, and nothing else is beside them."""
    here, there = built(tmp_path / "here"), Store(tmp_path / "there")
    file = tmp_path / "bench.tar"

    export(PARTS, here, file, LocalShell())
    new = take_in(there, file, LocalShell())

    assert {path.name for path in here.root.iterdir()} == set(new)
    for name in new:
        folder = there.root / name
        assert folder.joinpath("file").read_text() == name.partition("-")[0]
        assert 0o4711 == folder.joinpath("file").stat().st_mode & 0o7777
        assert folder.joinpath("twin").samefile(folder / "file")
    assert {*new, "lock"} == {path.name for path in there.root.iterdir()}


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    """Taken in twice, the second time brings nothing new."""
    here = built(tmp_path / "here")
    file = tmp_path / "bench.tar"
    export(PARTS, here, file, LocalShell())

    assert () == take_in(here, file, LocalShell())


def test_a_stack_that_is_not_whole_is_not_carried(tmp_path: Path) -> None:
    """What is missing is named, and no file is written."""
    with pytest.raises(HostError, match="not built yet: tool, images"):
        export(PARTS, Store(tmp_path), tmp_path / "bench.tar", LocalShell())

    assert not list(tmp_path.glob("bench*"))


@pytest.mark.parametrize("wrong", ["no tar", "another tar", "absent"])
def test_another_file_is_refused(tmp_path: Path, wrong: str) -> None:
    """And leaves nothing in the store."""
    file = tmp_path / "given"
    if wrong == "no tar":
        file.write_text("hello")
    if wrong == "another tar":
        with tarfile.open(file, "w") as tar:
            tar.add(__file__, "etc/passwd")
    store = Store(tmp_path / "store")

    with pytest.raises(UsageError, match="given"):
        take_in(store, file, LocalShell())

    left = store.root.iterdir() if store.root.is_dir() else ()
    assert {"lock"} >= {path.name for path in left}
