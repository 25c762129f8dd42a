"""Unpacks images once into a containerd root, of which every node gets a clone."""

from pathlib import Path
import shutil
import tarfile

from harness.access import Shell
from harness.engine.stack.sources import FOLDER
from harness.engine.stack.tied import confined
from harness.errors import HostError

SCRIPT = FOLDER / "unpack.sh"
CONFIG = """version = 2
disabled_plugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]
"""


def unpack(archive: Path, programs: Path, folder: Path, shell: Shell) -> None:
    """Import the archive into `folder/root` by the containerd of a root file system.

    The containerd is the one that the nodes run: what it writes, they read.
    """
    work, root = folder / "containerd", folder / "root"
    (work / "state").mkdir(parents=True)
    (work / "state" / "config.toml").write_text(CONFIG)
    with tarfile.open(programs) as node:
        for name in ("containerd", "ctr"):
            content = node.extractfile(f"./usr/bin/{name}")
            if content is None:
                raise HostError(f"{programs}: holds no {name}; remove the folder and run it again")
            with content, (work / name).open("wb") as file:
                shutil.copyfileobj(content, file)
            (work / name).chmod(0o755)
    paths = (str(path) for path in (work, root, work / "state", archive))
    shell.run(confined(("sh", str(SCRIPT), *paths)), timeout=900)
    shutil.rmtree(work)
