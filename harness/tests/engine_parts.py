"""What tests of engines share: a shell that only pretends, and a stack whose image is tiny."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
import io
import json
from pathlib import Path
import re
import shutil
import tarfile

import psutil

from harness.access import Completed, Shell
from harness.engine import Stack, Tools
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.embedded.remains import remains
from harness.errors import CommandError
from harness.settings import Images, Versions

TINY = "meshproof/tiny:1"


class ScriptedShell:
    """A fake shell: the first reply whose words begin a command answers it, else success.

    A reply is its exit code, standard output and standard error; None is a program that hangs.
    """

    def __init__(self, replies: Iterable[tuple[str, tuple[int, str, str] | None]] = ()) -> None:
        self.replies = list(replies)
        self.ran: list[str] = []

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,  # noqa: ARG002  # the protocol has it
        stdin: str | None = None,  # noqa: ARG002
        env: Mapping[str, str] | None = None,  # noqa: ARG002
        check: bool = True,
    ) -> Completed:
        """Pretend to run argv."""
        line = " ".join(argv)
        self.ran.append(line)
        reply = next((said for begin, said in self.replies if line.startswith(begin)), (0, "", ""))
        code, stdout, stderr = reply or (None, "", "")
        if code is None or (check and code != 0):
            raise CommandError(argv, where="a fake", code=code, stdout=stdout, stderr=stderr)
        return Completed(tuple(argv), code, stdout, stderr, 0.0)


def tiny_stack(folder: Path, shell: Shell) -> Stack:
    """Return a stack whose node image is a shell, `sleep` and `cat` of this machine.

    Its tools are no tools: engines only take their folder.
    """
    root = folder / "root"
    for name in ("sh", "sleep", "cat"):
        program = shutil.which(name) or name
        linked = shell.run(["ldd", program], timeout=10).stdout
        for path in (program, *re.findall(r"(/\S+) \(0x", linked)):
            place = root / ("bin" if path == program else str(Path(path).parent)[1:])
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(path).resolve(), place / Path(path).name)
    for name in ("proc", "sys", "dev", "tmp"):
        (root / name).mkdir()
    nothing = folder / "tools" / "none"
    tools = Tools(kind=nothing, kubectl=nothing, istioctl=nothing, metallb=nothing)
    archive = write_archive(folder / "node.tar", root)
    return Stack(tools, Images(node=TINY), Versions(), False, None, archive, {})


def write_archive(path: Path, root: Path) -> Path:
    """Write an image of one layer as `docker load` takes it; its id is that of its config."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        tar.add(root, arcname=".")
    diff = f"sha256:{sha256(layer.getvalue()).hexdigest()}"
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": ["sleep", "1000"]},
            "rootfs": {"type": "layers", "diff_ids": [diff]},
        }
    ).encode()
    name = f"{sha256(config).hexdigest()}.json"
    manifest = [{"Config": name, "RepoTags": [TINY], "Layers": ["layer.tar"]}]
    members = {
        name: config,
        "layer.tar": layer.getvalue(),
        "manifest.json": json.dumps(manifest).encode(),
    }
    with tarfile.open(path, "w") as tar:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def what_is_left(engine: EmbeddedEngine) -> list[str]:
    """Return, in words, every trace of the engine on this machine."""
    marks = (f"meshproof-{engine.owner.run}", str(engine.layout.folder))
    mentioned = [
        f"mount {line}"
        for line in Path("/proc/self/mountinfo").read_text().splitlines()
        if any(mark in line for mark in marks)
    ]
    processes = [
        f"process {process.pid} {process.info['cmdline']}"
        for process in psutil.process_iter(["cmdline"])
        if any(mark in " ".join(process.info["cmdline"] or ()) for mark in marks)
        or any(mark in _cgroups(process.pid) for mark in marks)
    ]
    return [*remains(engine.owner.run, engine.layout), *mentioned, *processes]


def _cgroups(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cgroup").read_text()
    except OSError:
        return ""
