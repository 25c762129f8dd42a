"""What a private engine has on the machine, found without asking it, and put away.

Works the same for an engine that runs, for one whose daemon was killed, and for one of which only
a piece is left. It needs nothing but the run's name and the engine's folder.
"""

from collections.abc import Iterator
from contextlib import suppress
import ctypes
import os
from pathlib import Path

import psutil

from harness.access import Shell
from harness.engine.embedded.layout import Layout, run_folders
from harness.engine.embedded.namespace import NAMED, delete_namespace, namespace_name
from harness.engine.embedded.registry import forget
from harness.errors import NotYet
from harness.patience import Patience, until

CGROUPS = Path("/sys/fs/cgroup")
_patience = Patience(20, first=0.01, longest=0.2)
_detach = 2


def daemons(layout: Layout) -> list[psutil.Process]:
    """Return the processes that were started with the engine's configuration: its daemon."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if str(layout.configuration) in (process.info["cmdline"] or ())
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def inmates(name: str) -> list[psutil.Process]:
    """Return what runs in the named network namespace, but for this process and those above it."""
    namespace = NAMED / name
    if not namespace.exists():
        return []
    mine = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    wanted = namespace.stat().st_ino
    return [
        process
        for process in psutil.process_iter(["status"])
        if process.pid not in mine
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and _network_of(process.pid) == wanted
    ]


def _is_orphan(process: psutil.Process) -> bool:
    """Whether the first process of the machine has inherited it, as from a worker that died."""
    try:
        return process.ppid() == 1
    except psutil.NoSuchProcess:
        return False


def _network_of(pid: int) -> int:
    try:
        return Path(f"/proc/{pid}/ns/net").stat().st_ino
    except OSError:
        return -1


def cgroups(name: str) -> list[Path]:
    """Return the run's topmost cgroup in every hierarchy: of version 2, or each of version 1."""
    return [path for path in (CGROUPS / name, *CGROUPS.glob(f"*/{name}")) if path.is_dir()]


def mounts(folder: Path) -> list[Path]:
    """Return what is mounted below a folder, the deepest first."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        path = Path(line.split()[4].encode().decode("unicode_escape"))
        if path.is_relative_to(folder):
            found.append(path)
    return sorted(found, key=lambda path: len(path.parts), reverse=True)


def remains(run: str, layout: Layout) -> Iterator[str]:
    """Yield, in words, each thing of the engine that is still on the machine."""
    name = namespace_name(run)
    yield from (f"process {process.pid}" for process in daemons(layout))
    yield from (f"cgroup {path}" for path in cgroups(name))
    yield from (f"mount {path}" for path in mounts(layout.folder))
    if (NAMED / name).exists():
        yield f"network namespace {name}"
    for folder in _folders(run, layout):
        if folder.exists():
            yield f"folder {folder}"


def put_away(shell: Shell, run: str, layout: Layout, *, inmates_too: bool) -> None:
    """End and remove all of it; what is gone already is no error.

    With `inmates_too` all other programs in the run's network namespace end as well: nobody else is
    there to end what a killed run has left. Those whose own caller is gone end in any case.
    """
    name = namespace_name(run)
    there = inmates(name)
    # the first process of the daemon's process namespace takes every container along
    end([*daemons(layout), *(there if inmates_too else filter(_is_orphan, there))])
    for top in cgroups(name):
        _remove_cgroup(top)
    for path in mounts(layout.folder):
        _unmount(path)
    delete_namespace(shell, name)
    # the folder with the owner goes last: without it nobody would look for the others
    for folder in _folders(run, layout):
        if folder.exists():
            shell.run(["rm", "-rf", "--one-file-system", str(folder)], timeout=120)
    forget(run)


def _folders(run: str, layout: Layout) -> tuple[Path, ...]:
    return *run_folders(layout.folder.parent.parent, run), layout.folder


def end(processes: list[psutil.Process]) -> None:
    """Kill processes and return once they are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()

    def look() -> None:
        _, alive = psutil.wait_procs(processes, timeout=0)
        left = [process.pid for process in alive if _is_running(process)]
        if left:
            raise NotYet(f"still there: {left}")

    until("killed processes are gone", look, _patience)


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _remove_cgroup(top: Path) -> None:
    def look() -> None:
        for folder, _, _ in os.walk(top, topdown=False):
            with suppress(FileNotFoundError, ProcessLookupError):
                members = (Path(folder) / "cgroup.procs").read_text().split()
                end([psutil.Process(int(pid)) for pid in members if pid != "0"])
            with suppress(OSError):
                Path(folder).rmdir()
        if top.exists():
            raise NotYet(f"{top} still holds something")

    until(f"cgroup {top} is removed", look, _patience)


def _unmount(path: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.umount2(os.fsencode(path), _detach) != 0 and path.is_mount():
        raise OSError(ctypes.get_errno(), "cannot be unmounted", str(path))
