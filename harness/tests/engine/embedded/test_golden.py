from pathlib import Path

from harness.drivers.shell import LocalShell
from harness.engine.embedded.golden import clone
from harness.engine.embedded.remains import mounts

LAYER = Path("overlay2/abc/diff/bin/sh")
DATABASE = Path("network/files/local-kv.db")
RECORD = Path("image/overlay2/imagedb/content/sha256/abc")


def test_a_clone_shares_layers_and_nothing_else(tmp_path: Path) -> None:
    """What a daemon writes to is its own; files of layers are the golden ones, by hard link."""
    golden = tmp_path / "golden"
    for name in (LAYER, DATABASE, RECORD, Path("overlay2/abc/link")):
        (golden / name).parent.mkdir(parents=True, exist_ok=True)
        (golden / name).write_text(str(name))
    (golden / "overlay2" / "l").mkdir()
    (golden / "overlay2" / "l" / "X").symlink_to("../abc/diff")
    copy = tmp_path / "copy"
    clone(LocalShell(), golden, copy)
    assert (copy / LAYER).samefile(golden / LAYER)
    for name in (DATABASE, RECORD, Path("overlay2/abc/link")):
        assert not (copy / name).samefile(golden / name)
        assert (copy / name).read_text() == str(name)
    assert (copy / "overlay2" / "l" / "X").is_symlink()


def test_nothing_is_mounted_in_an_empty_folder(tmp_path: Path) -> None:
    """Mounts elsewhere are not below it, and / has some."""
    assert mounts(tmp_path) == []
    assert Path("/proc") in mounts(Path("/"))
