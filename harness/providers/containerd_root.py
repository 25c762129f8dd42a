"""A containerd root of a node's own, cloned from one that holds every image unpacked.

Blobs and layers are hard links, which nothing ever writes to; only the databases are copied.
"""

from contextlib import suppress
from pathlib import Path
import shutil

from harness.access import Shell

_databases = "*/*.db"
_seconds = 120.0


def clone_containerd_root(shell: Shell, golden: Path, clone: Path) -> None:
    """Make `clone`, on the golden root's own file system; whatever was there before is gone."""
    _remove(shell, clone)
    _make_folder(clone)
    shell.run(["cp", "-al", f"{golden}/.", str(clone)], timeout=_seconds)
    for database in golden.glob(_databases):
        own = clone / database.relative_to(golden)
        own.unlink()
        shutil.copy2(database, own)


def remove_containerd_root(shell: Shell, clone: Path) -> None:
    """Remove a clone, and the folder it was the last one in; none is no error."""
    _remove(shell, clone)
    with suppress(OSError):  # others are in it, or it is not there
        clone.parent.rmdir()


def _remove(shell: Shell, clone: Path) -> None:
    if clone.exists():
        shell.run(["rm", "-rf", "--one-file-system", str(clone)], timeout=_seconds)


def _make_folder(clone: Path) -> None:
    while True:
        # another thread may remove the parent, the last clone gone, between the two folders
        with suppress(FileNotFoundError):
            clone.mkdir(parents=True)
            return
