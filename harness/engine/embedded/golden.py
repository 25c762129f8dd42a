"""A Docker data root with the node image loaded, made once, cloned for each engine.

The layers' files are hard links to the golden ones, which nothing ever writes to; all else, the
databases above all, is copied.
"""

from hashlib import sha256
import json
import os
from pathlib import Path
import shutil

from filelock import FileLock, Timeout

from harness.access import Shell
from harness.engine.embedded.capabilities import missing_capabilities
from harness.engine.embedded.daemon import Daemon, configure, program
from harness.engine.embedded.layout import Layout
from harness.engine.embedded.remains import put_away

_load_seconds = 600.0
_part = ".part"


def golden_root(shell: Shell, cache: Path, archive: Path) -> Path:
    """Return a data root that holds the archive's image, making it if there is none.

    A half-made one is never taken for whole: it gets its name only once its daemon has ended
    cleanly. Those whose archive is gone are removed.
    """
    home = cache / "docker-roots"
    home.mkdir(parents=True, exist_ok=True)
    key = _key(archive)
    with FileLock(home / "lock"):
        golden = home / key
        if not golden.is_dir():
            _make(shell, home, golden, archive)
            _remove_stale(shell, home, golden)
        return golden / "docker"


def clone(shell: Shell, golden: Path, data: Path) -> None:
    """Make a data root of one's own from a golden one, on the same file system."""
    shell.run(["cp", "-al", str(golden), str(data)], timeout=120)
    for folder, below, names in os.walk(data):
        if Path(folder).parent == data / "overlay2":
            below[:] = []  # a layer's files
        for path in (Path(folder) / name for name in names):
            if path.is_file() and not path.is_symlink():
                part = path.with_name(f"{path.name}.copy")
                shutil.copy2(path, part)
                part.replace(path)


def _key(archive: Path) -> str:
    daemon = Path(program("dockerd")).resolve()
    facts = [
        (str(path), path.stat().st_size, path.stat().st_mtime_ns)
        for path in (archive.resolve(), daemon)
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()[:16]


def _make(shell: Shell, home: Path, golden: Path, archive: Path) -> None:
    making = Layout(home / f"{golden.name}{_part}")
    run = f"golden{golden.name}"
    put_away(shell, run, making, inmates_too=False)
    making.folder.mkdir()
    configure(making, cgroup=f"meshproof-{run}", absent=missing_capabilities(), bridge=False)
    try:
        daemon = Daemon(making, None)
        daemon.await_answer()
        shell.run(
            ["docker", "load", "--quiet", "--input", str(archive)],
            timeout=_load_seconds,
            env={"DOCKER_HOST": making.docker_host},
        )
        daemon.shut_down()
    except BaseException:
        put_away(shell, run, making, inmates_too=False)
        raise
    for path in making.folder.iterdir():
        if path != making.data:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (making.folder / "archive").write_text(str(archive.resolve()))
    making.folder.rename(golden)


def _remove_stale(shell: Shell, home: Path, latest: Path) -> None:
    archive = (latest / "archive").read_text()
    for note in home.glob("*/archive"):
        replaced = note.parent != latest and note.read_text() == archive
        if replaced or not Path(note.read_text()).exists():
            shell.run(["rm", "-rf", str(note.parent)], timeout=120)


def unfinished(cache: Path) -> list[Path]:
    """Return what was left of golden roots that were being made when their maker was killed."""
    home = cache / "docker-roots"
    if not home.is_dir():
        return []
    try:
        with FileLock(home / "lock", timeout=0):
            return sorted(home.glob(f"*{_part}"))
    except Timeout:
        return []


def put_away_unfinished(shell: Shell, cache: Path) -> None:
    """Remove what `unfinished` names."""
    with FileLock(cache / "docker-roots" / "lock"):
        for folder in (cache / "docker-roots").glob(f"*{_part}"):
            put_away(shell, f"golden{folder.stem}", Layout(folder), inmates_too=False)
