"""Runs stopped and killed at each phase, on the real machine; what is not theirs stays as it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import os
from pathlib import Path
import signal
import sys

import psutil
import pytest

from harness.drivers.shell import LocalShell
from harness.engine.embedded.daemon import ping
from harness.engine.embedded.layout import Layout, engines_folder
from harness.engine.stack.store import cache_folder
from harness.engine.sweep import Leftover
from harness.errors import NotYet
from harness.leftovers import leftovers
from harness.patience import Patience, until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.geteuid() != 0, reason="private engines need root"),
]
MESHPROOF = [sys.executable, "-c", "from harness.cli import main; main()"]
NETNS = "meshproof"
"""A network namespace that only looks like ours: its name is not that of a run."""
ENGINE = """
import sys
from harness.drivers.shell import LocalShell
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.owner import Owner
from harness.engine.stack.provide import provide
from harness.engine.stack.store import cache_folder
from harness.settings import Versions
shell = LocalShell()
stack = provide("built", Versions(), shell, print, install=False)
engine = EmbeddedEngine(Owner.this_process(sys.argv[1]), cache=cache_folder(), shell=shell)
engine.start(stack)
print("ready", flush=True)
sys.stdin.read()
engine.stop()
"""


@dataclass
class Command:
    """A command line of meshproof that runs, and what it wrote so far."""

    process: psutil.Popen
    log: Path

    @property
    def said(self) -> str:
        """What it wrote."""
        return self.log.read_text(errors="replace")

    @property
    def run(self) -> str:
        """Its run; empty while it has nothing on the machine."""
        return next((each.run for each in self._mine()), "")

    def _mine(self) -> Iterator[Leftover]:
        there = leftovers(LocalShell())
        return (each for each in there if each.owner and each.owner.pid == self.process.pid)

    def ended(self, seconds: float = 90) -> int:
        """Return its exit code once it has ended."""
        return int(self.process.wait(timeout=seconds))


Begin = Callable[..., Command]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let programs hear of Ctrl-C, which one that is started in the background does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def begin(tmp_path: Path, kubeconfig: Path, ctrl_c: None) -> Iterator[Begin]:
    """Begin command lines as the user would, in a terminal of their own; none outlives the test."""
    del ctrl_c
    begun: list[Command] = []

    def command(*words: str) -> Command:
        log = tmp_path / f"{len(begun)}.log"
        with log.open("wb") as file:
            process = psutil.Popen(
                [*MESHPROOF, *words],
                stdin=file,
                stdout=file,
                stderr=file,
                start_new_session=True,
                env=os.environ | {"KUBECONFIG": str(kubeconfig), "MESHPROOF_ENGINE": "embedded"},
            )
        begun.append(Command(process, log))
        return begun[-1]

    yield command
    for each in begun:
        if each.process.is_running():
            each.process.kill()
            each.process.wait()


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    """Return the user's own kubeconfig, which nothing may touch."""
    path = tmp_path / "users-own"
    path.write_text("current-context: production\n")
    return path


@pytest.fixture(scope="module")
def bystander(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Have an engine of another run at work, and a namespace that is nobody's business."""
    run, shell = f"stander{os.getpid()}", LocalShell()
    log = tmp_path_factory.mktemp("bystander") / "log"
    with log.open("wb") as file:
        process = psutil.Popen(
            [sys.executable, "-c", ENGINE, run], stdin=-1, stdout=file, stderr=file
        )

    def is_ready() -> None:
        assert process.poll() is None, log.read_text()
        if "ready" not in log.read_text():
            raise NotYet(log.read_text()[-200:])

    until("the bystander's engine is up", is_ready, Patience(120))
    shell.run(["ip", "netns", "add", NETNS], timeout=10)
    yield run
    shell.run(["ip", "netns", "delete", NETNS], timeout=10)
    process.stdin.close()
    process.wait(timeout=60)


def engine_starts(command: Command) -> None:
    """Its engine is claimed, its daemon may not be there yet."""
    if not command.run:
        raise NotYet(command.said[-200:])


def clusters_are_made(command: Command) -> None:
    """Nodes have their images; kind is at work."""
    if not any((cache_folder() / "nodes" / (command.run or "none")).glob("*")):
        raise NotYet(command.said[-200:])


def istio_is_installed(command: Command) -> None:
    """Both clusters are up, and istioctl is at work."""
    if command.said.count("√") < 4:
        raise NotYet(command.said[-200:])


def claims_are_judged(command: Command) -> None:
    """The mesh is up."""
    if "deploy sleep and httpbin in cluster2 (" not in command.said:
        raise NotYet(command.said[-200:])


PHASES = [engine_starts, clusters_are_made, istio_is_installed, claims_are_judged]


def nothing_is_left_of(run: str) -> None:
    """See that no process, namespace, cgroup, mount or file of a run is on the machine."""
    assert [] == [each for each in leftovers(LocalShell()) if each.run == run]
    named = (f"meshproof-{run}", f"mp-{run}-", f"engines/{run}")
    of_it = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline"])
        if any(name in " ".join(process.info["cmdline"] or ()) for name in named)
    ]
    assert [] == of_it
    assert run not in Path("/proc/self/mountinfo").read_text()
    for folder in ("engines", "nodes", "runs"):
        assert not (cache_folder() / folder / run).exists()
    for claims in (cache_folder() / "claims").glob("*.json"):
        assert f'"{run}"' not in claims.read_text()


def bystanders_are_well(run: str, kubeconfig: Path) -> None:
    """See that what is not of the run is as it was."""
    ping(Layout(engines_folder(cache_folder()) / run).socket)
    assert Path("/run/netns", NETNS).exists()
    assert "current-context: production\n" == kubeconfig.read_text()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
def test_a_run_that_is_stopped_puts_all_of_it_away(
    begin: Begin, bystander: str, kubeconfig: Path, phase: Callable[[Command], None], stop: int
) -> None:
    """Exit 2, whenever the user stops it; nothing of it is left, and nothing else is touched."""
    command = begin("verify", "-t", "primary-remote")
    until(phase.__name__, lambda: phase(command), Patience(240, first=0.05, longest=0.2))
    run = command.run
    command.process.send_signal(stop)

    assert 2 == command.ended(), command.said
    nothing_is_left_of(run)
    bystanders_are_well(bystander, kubeconfig)


def test_topologies_side_by_side_are_stopped_together(
    begin: Begin, bystander: str, kubeconfig: Path
) -> None:
    """Told to the controller alone, no worker and nothing that it started outlives it."""
    command = begin("verify", "-t", "primary-remote", "-t", "multi-primary")
    until("istio", lambda: istio_is_installed(command), Patience(240, first=0.05, longest=0.2))
    run = command.run
    workers = command.process.children(recursive=True)
    command.process.send_signal(signal.SIGTERM)

    assert 2 == command.ended(), command.said
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert [] == alive
    nothing_is_left_of(run)
    bystanders_are_well(bystander, kubeconfig)


@pytest.mark.parametrize("phase", PHASES[:3], ids=lambda phase: phase.__name__)
def test_what_a_killed_run_has_left_is_put_away_by_gc(
    begin: Begin, bystander: str, kubeconfig: Path, phase: Callable[[Command], None]
) -> None:
    """Killed at any moment, `gc` finds all of it and takes nothing else."""
    command = begin("verify", "-t", "primary-remote", "-k", "istiod_runs")
    until(phase.__name__, lambda: phase(command), Patience(240, first=0.05, longest=0.2))
    run = command.run
    command.process.send_signal(signal.SIGKILL)
    command.ended()

    swept = begin("gc")

    assert 0 == swept.ended(), swept.said
    assert f"put away run {run} " in swept.said
    nothing_is_left_of(run)
    bystanders_are_well(bystander, kubeconfig)


def test_an_up_that_was_killed_is_completed_by_the_next(
    begin: Begin, bystander: str, kubeconfig: Path
) -> None:
    """The same run goes on; asked once more nothing is changed, and `down` takes all of it."""
    first = begin("up")
    until("istio", lambda: istio_is_installed(first), Patience(240, first=0.05, longest=0.2))
    run = first.run
    first.process.send_signal(signal.SIGKILL)
    first.ended()

    second = begin("up")
    assert 0 == second.ended(300), second.said
    assert f"completing run {run}" in second.said
    third = begin("up")
    assert 0 == third.ended(), third.said
    assert "nothing was changed" in third.said
    down = begin("down", run)
    assert 0 == down.ended(), down.said
    nothing_is_left_of(run)
    bystanders_are_well(bystander, kubeconfig)
