"""A real private engine on this machine: it needs root, and Debian's docker.io."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import signal
import sys

import psutil
import pytest

from harness.access import Completed
from harness.drivers.shell import LocalShell
from harness.engine import Stack
from harness.engine.embedded import golden
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.embedded.namespace import is_inside
from harness.engine.embedded.remains import daemons
from harness.engine.owner import Owner
from harness.errors import HostError
from harness.patience import now
from harness.tests.engine_parts import TINY, what_is_left

pytestmark = pytest.mark.e2e
SHELL = LocalShell()
Make = Callable[[str], EmbeddedEngine]


@pytest.fixture
def make(cache: Path) -> Iterator[Make]:
    """Return a maker of engines; those it made are stopped."""
    made: list[EmbeddedEngine] = []

    def one(name: str) -> EmbeddedEngine:
        engine = EmbeddedEngine(
            Owner.this_process(f"{name}{os.getpid()}"), cache=cache, shell=SHELL
        )
        made.append(engine)
        return engine

    yield one
    for engine in reversed(made):
        engine.stop()


def _docker(engine: EmbeddedEngine, *words: str) -> Completed:
    return SHELL.run(["docker", *words], timeout=30, env=engine.environment)


def _hold(engine: EmbeddedEngine, name: str, *options: str) -> None:
    _docker(engine, "run", "--detach", "--name", name, *options, TINY, "sleep", "1000")


def test_a_private_docker_runs_what_kind_needs(make: Make, stack: Stack) -> None:
    """Privileged containers run on a network named kind, with no way out of the namespace."""
    engine = make("a")
    engine.start(stack)
    assert is_inside(engine.namespace)
    _hold(engine, "node", "--privileged", "--network", "kind")
    assert _docker(engine, "exec", "node", "cat", "/proc/1/comm").stdout == "sleep\n"
    subnet = _docker(
        engine, "network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", "kind"
    )
    assert subnet.stdout == "172.18.0.0/16\n"
    routes = SHELL.run(["ip", "route"], timeout=10).stdout
    assert "172.18.0.0/16" in routes
    assert "default" not in routes
    links = {path.name for path in Path("/sys/class/net").iterdir()}
    assert not any(name.startswith("br-") for name in links), "the bridge is on the host"


def test_both_docker_clients_work(make: Make, stack: Stack) -> None:
    """Whichever client comes first on PATH, it speaks to this daemon."""
    engine = make("b")
    engine.start(stack)
    clients = [p for p in ("/usr/bin/docker", "/usr/local/bin/docker") if Path(p).exists()]
    assert clients
    for client in clients:
        said = SHELL.run(
            [client, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"],
            timeout=10,
            env=engine.environment,
        )
        assert said.stdout == f"{TINY}\n"


def test_nothing_is_left_after_stop(make: Make, stack: Stack) -> None:
    """Containers, networks, namespace, mounts, processes and cgroups go, within 3 s, twice over."""
    outside = Path("/proc/thread-self/ns/net").stat().st_ino
    engine = make("c")
    engine.start(stack)
    for name in ("one", "two", "three"):
        _hold(engine, name, "--privileged", "--network", "kind", "--restart", "always")
    (engine.layout.folder.parent.parent / "nodes" / engine.owner.run).mkdir(parents=True)
    assert any(line.startswith("cgroup") for line in what_is_left(engine))
    began = now()
    engine.stop()
    assert now() - began < 3
    assert what_is_left(engine) == []
    assert Path("/proc/thread-self/ns/net").stat().st_ino == outside
    engine.stop()


def test_stop_ends_programs_whose_caller_is_gone(make: Make, stack: Stack) -> None:
    """What a worker that died has left in the namespace would wait there for ever."""
    engine = make("o")
    engine.start(stack)
    left = SHELL.run(["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"], timeout=10)
    orphan = psutil.Process(int(left.stdout))
    assert orphan.is_running()

    engine.stop()

    # whoever inherited it may not have read its exit status yet
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("name", ["dockerd", "containerd", "unshare"])
def test_stop_puts_away_what_a_killed_daemon_left(make: Make, stack: Stack, name: str) -> None:
    """Whichever process of the daemon was killed with -9, nothing stays."""
    engine = make("d")
    engine.start(stack)
    _hold(engine, "one", "--privileged", "--network", "kind")
    family = {
        child.pid: child.name()
        for top in daemons(engine.layout)
        for child in (top, *top.children(recursive=True))
    }
    victim = next(pid for pid, called in family.items() if called == name)
    os.kill(victim, signal.SIGKILL)
    engine.stop()
    assert what_is_left(engine) == []


def test_two_engines_do_not_disturb_each_other(make: Make, stack: Stack) -> None:
    """They use the same subnet and the same names, and one stays when the other goes."""
    first, second = make("e"), make("f")
    first.start(stack)
    second.start(stack)
    for engine in (first, second):
        _hold(engine, "node", "--network", "kind", "--ip", "172.18.0.2")
    second.stop()
    assert what_is_left(second) == []
    assert _docker(first, "exec", "node", "cat", "/proc/1/comm").stdout == "sleep\n"
    first.stop()
    assert what_is_left(first) == []


def test_a_run_has_one_engine(make: Make, stack: Stack) -> None:
    """A second start of the same run is refused and leaves the first alone."""
    engine = make("g")
    engine.start(stack)
    again = EmbeddedEngine(engine.owner, cache=engine.layout.folder.parent.parent, shell=SHELL)
    with pytest.raises(HostError, match="has an engine already"):
        again.start(stack)
    assert _docker(engine, "image", "ls", "--quiet").stdout


def test_a_start_that_fails_leaves_nothing(
    make: Make, stack: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A daemon that ends at once is reported with its last words, and all of it is gone."""
    engine = make("h")
    golden.golden_root(SHELL, engine.layout.folder.parent.parent, stack.node_archive or tmp_path)
    (tmp_path / "dockerd").write_text("#!/bin/sh\necho failed on purpose >&2\nexit 3\n")
    (tmp_path / "dockerd").chmod(0o755)
    home = os.environ["PATH"]
    monkeypatch.setattr(golden, "_key", lambda _archive: _only(engine))
    monkeypatch.setenv("PATH", f"{tmp_path}:{home}")
    with pytest.raises(HostError, match="dockerd ended at once: failed on purpose"):
        engine.start(stack)
    assert what_is_left(engine) == []


def _only(engine: EmbeddedEngine) -> str:
    roots = engine.layout.folder.parent.parent / "docker-roots"
    (found,) = (path.name for path in roots.iterdir() if path.is_dir())
    return found


def test_a_kept_engine_is_joined_by_another_process(make: Make, stack: Stack, cache: Path) -> None:
    """Whoever attaches enters the namespace and finds the containers; until expiry it is kept."""
    engine = make("m")
    engine.start(stack)
    _hold(engine, "node", "--network", "kind")
    engine.keep(datetime.now(UTC) + timedelta(hours=1))
    assert Owner.read(engine.layout.owner) == engine.owner
    script = (
        "import sys; from pathlib import Path; from harness.drivers.shell import LocalShell\n"
        "from harness.engine.embedded.engine import EmbeddedEngine\n"
        "from harness.engine.owner import Owner\n"
        "shell, cache = LocalShell(), Path(sys.argv[1])\n"
        "owner = Owner.read(cache / 'engines' / sys.argv[2] / 'owner.json')\n"
        "engine = EmbeddedEngine(owner, cache=cache, shell=shell)\n"
        "from harness.tests.engine_parts import tiny_stack\n"
        "engine.attach(tiny_stack(Path(sys.argv[3]), shell))\n"
        "print(owner.state(), shell.run(['ip', 'route'], timeout=5).stdout)\n"
        "print(shell.run(['docker', 'ps', '-q'], timeout=5, env=engine.environment).stdout)\n"
    )
    work = cache / "attached"
    work.mkdir()
    assert engine._left is not None
    outside = ["nsenter", f"--net=/proc/{os.getpid()}/fd/{engine._left[1]}"]
    argv = [*outside, sys.executable, "-c", script, str(cache), engine.owner.run, str(work)]
    said = SHELL.run(argv, timeout=30).stdout
    assert said.startswith("kept ")
    assert "172.18.0.0/16" in said
    assert len(said.splitlines()[-2].strip()) == 12
    gone = EmbeddedEngine(Owner.this_process("never"), cache=cache, shell=SHELL)
    with pytest.raises(HostError, match="its engine does not answer"):
        gone.attach(stack)
