"""Unpacks images once into a containerd root, and gives each node a clone of it."""

from pathlib import Path
import shutil
import tarfile

from harness.access import Shell
from harness.engine import Stack
from harness.errors import HostError

SCRIPT = Path(__file__).parent / "sources" / "unpack.sh"
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
DATABASES = (
    "io.containerd.metadata.v1.bolt/meta.db",
    "io.containerd.snapshotter.v1.overlayfs/metadata.db",
)


def unpack(archive: Path, programs: Path, folder: Path, shell: Shell) -> None:
    """Import the archive into `folder/root` by the containerd of a root file system.

    It runs in namespaces of its own, so that nothing of it stays when this process dies.
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
    shell.run(
        (
            *("setpriv", "--pdeathsig", "KILL"),
            *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
            *("sh", str(SCRIPT)),
            *(str(path) for path in (work, root, work / "state", archive)),
        ),
        timeout=900,
    )
    shutil.rmtree(work)


def clone_containerd_root(stack: Stack, target: Path, shell: Shell) -> None:
    """Make `target` a containerd root of its own that shares every unpacked file with the stack's.

    A tenth of a second when both are on one file system. The nodes only ever write to copies:
    overlayfs copies what a container changes, and the two databases are copied here.
    """
    golden = stack.containerd_root
    if golden is None:
        raise HostError("the stack holds no containerd root: official images are pulled by nodes")
    target.parent.mkdir(parents=True, exist_ok=True)
    shared = target.parent.stat().st_dev == golden.stat().st_dev
    shell.run(("cp", "-al" if shared else "-a", str(golden), str(target)), timeout=600)
    for name in DATABASES:
        (target / name).unlink()
        shutil.copy2(golden / name, target / name)
