"""Obtains Istio versions and verifies topologies on them, each in a process of its own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
import os
from pathlib import Path
import shlex
import sys

from pydantic import ValidationError

from harness.card import RUNS, Options, new_name
from harness.cli.pytest_process import ROOT
from harness.cli.qualification import Verified
from harness.drivers.shell import LocalShell
from harness.engine import Stack
from harness.engine.choose import Choice, choose
from harness.engine.doctor import ready
from harness.engine.prepare import prepare
from harness.engine.stack.served import check_served, with_istio
from harness.engine.stack.store import cache_folder
from harness.errors import CommandError, UsageError
from harness.settings import Settings, Versions
from reports.qualification.model import Tool
from reports.report import Report, from_json

PULL_SECONDS = 600.0
_main = "from harness.cli import main; main()"


class LocalVerifier:
    """Verifies on this machine, every version on the same engine with the same kind of images."""

    def __init__(
        self,
        choice: Choice,
        shell: LocalShell,
        say: Callable[[str], None],
        *,
        install: bool,
        more: Sequence[str] = (),
    ) -> None:
        self._choice, self._shell, self._say = choice, shell, say
        self._install, self._more = install, tuple(more)

    def obtain(self, istio: str) -> tuple[Tool, ...]:
        """Build what is not built yet, or see that Docker can pull it; return the tools."""
        versions = with_istio(istio)
        if self._choice.images == "upstream":
            self._pull(istio)
        else:
            check_served(versions)
        stack = prepare(self._choice, versions, self._shell, self._say, install=self._install)
        return tuple(_tools(stack))

    def verify(self, istio: str, named: Sequence[str]) -> Verified:
        """Run `meshproof verify` on our own terminal, and read what it left."""
        run = new_name(datetime.now(UTC))
        words = ["verify", "--istio-version", istio, *self._more]
        words += ["--engine", self._choice.engine, "--images", self._choice.images]
        words += [word for name in named for word in ("-t", name)]
        argv = [sys.executable, "-c", _main, *words, "--", f"--run-name={run}"]
        sys.stdout.flush()
        code, stopped = 0, False
        try:
            code = self._shell.attend(argv)
        except KeyboardInterrupt:
            stopped = True
        return Verified(
            run=shown(RUNS / run),
            command=f"meshproof {shlex.join(words)}",
            code=code,
            report=_report(RUNS / run / "report.json"),
            stopped=stopped,
        )

    def _pull(self, istio: str) -> None:
        hub = Settings().images.istio_hub
        for name in ("pilot", "proxyv2"):
            image = f"{hub}/{name}:{istio}"
            try:
                self._shell.run(["docker", "pull", "--quiet", image], timeout=PULL_SECONDS)
            except CommandError as problem:
                said = problem.stderr.strip().splitlines()
                why = said[-1] if said else f"no answer in {PULL_SECONDS:.0f} s"
                raise UsageError(f"Docker cannot pull {image}: {why}") from problem


def chosen(
    shell: LocalShell, istio: Sequence[str], options: Options, say: Callable[[str], None]
) -> Choice:
    """Return the engine and images for all versions; raises HostError if this machine cannot.

    What one version alone lacks is found out when it is obtained.
    """
    choice = choose(
        shell,
        node_image=Settings().images.node,
        environment=os.environ,
        engine=options.engine,
        images=options.images,
    )
    for line in choice.lines:
        say(line)
    first = next((each for each in map(with_istio, istio) if _may_be_had(choice, each)), None)
    if first is not None:
        cache, may = cache_folder(), options.install
        ready(shell, choice, versions=first, cache=cache, may_install=may, say=say)
    return choice


def shown(path: Path) -> str:
    """Return the path below the checkout, or whole when it lies elsewhere."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _may_be_had(choice: Choice, versions: Versions) -> bool:
    if choice.images == "upstream":
        return True
    try:
        check_served(versions)
    except UsageError:
        return False
    return True


def _tools(stack: Stack) -> Iterator[Tool]:
    versions = stack.versions
    for path, name, version in (
        (stack.tools.kind, "kind", versions.kind),
        (stack.tools.kubectl, "kubectl", versions.kubernetes),
        (stack.tools.istioctl, "istioctl", versions.istio),
        (stack.tools.metallb, "metallb-native.yaml", versions.metallb),
    ):
        ours = path.is_relative_to(cache_folder())
        with path.open("rb") as file:
            digest = sha256()
            while piece := file.read(1 << 20):
                digest.update(piece)
        yield Tool(
            name=name,
            version=version if ours else "as on PATH",
            digest=f"sha256:{digest.hexdigest()}",
        )


def _report(path: Path) -> Report | None:
    try:
        return from_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
