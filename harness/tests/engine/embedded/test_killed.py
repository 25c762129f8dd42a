"""Runs that were killed with -9: a sweep finds and puts away all that they left."""

import os
from pathlib import Path
import signal
import sys

import psutil
import pytest

from harness.drivers.shell import LocalShell
from harness.engine import Stack
from harness.engine.embedded import golden
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.owner import Owner, State
from harness.engine.sweep import Sweep
from harness.tests.engine_parts import what_is_left

pytestmark = pytest.mark.e2e
SHELL = LocalShell()


def test_a_data_root_cut_off_is_made_anew(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a killed maker left is not taken for whole, and the next one starts clean."""
    cache = tmp_path_factory.mktemp("cut")  # a test's own folder is too long for a socket
    assert stack.node_archive is not None
    script = (
        "import sys; from pathlib import Path; from harness.drivers.shell import LocalShell\n"
        "from harness.engine.embedded import daemon, golden\n"
        "import os, signal\n"
        "daemon.Daemon.shut_down = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
        "golden.golden_root(LocalShell(), Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    argv = [sys.executable, "-c", script, str(cache), str(stack.node_archive)]
    assert SHELL.run(argv, timeout=60, check=False).code == -signal.SIGKILL
    (half,) = golden.unfinished(cache)
    made = golden.golden_root(SHELL, cache, stack.node_archive)
    assert made.is_dir()
    assert not half.exists()
    assert golden.unfinished(cache) == []
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(cache) in str(p.info)]


def test_a_sweep_puts_away_the_run_of_a_killed_process(cache: Path) -> None:
    """After kill -9 of a run, its engine and what it had started in there are found and gone."""
    run = f"k{os.getpid()}"
    script = (
        "import os, signal, subprocess, sys\n"
        "from pathlib import Path\n"
        "from harness.drivers.shell import LocalShell\n"
        "from harness.engine.embedded.engine import EmbeddedEngine\n"
        "from harness.engine.owner import Owner\n"
        "from harness.tests.engine_parts import TINY, tiny_stack\n"
        "shell, run = LocalShell(), sys.argv[3]\n"
        "cache, work = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "engine = EmbeddedEngine(Owner.this_process(run), cache=cache, shell=shell)\n"
        "engine.start(tiny_stack(work, shell))\n"
        "argv = ['docker', 'run', '-d', '--privileged', '--network', 'kind', TINY]\n"
        "shell.run(argv, timeout=30, env=engine.environment)\n"
        "subprocess.Popen(['sleep', '987'], start_new_session=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    work = cache / f"work{run}"
    work.mkdir()
    argv = [sys.executable, "-c", script, str(cache), str(work), run]
    assert SHELL.run(argv, timeout=60, check=False).code == -signal.SIGKILL
    sweep = Sweep(cache=cache, shell=SHELL)
    (mine,) = (each for each in sweep.leftovers() if each.run == run)
    assert (mine.state, mine.abandoned) == (State.DEAD, True)
    orphans = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "987"]]
    assert orphans
    sweep.put_away(mine)
    assert run not in {each.run for each in sweep.leftovers()}
    assert not any(
        orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE for orphan in orphans
    )


@pytest.mark.parametrize("step", ["register", "add_namespace", "clone", "Daemon", "enter"])
def test_a_run_killed_while_it_starts_is_swept(cache: Path, stack: Stack, step: str) -> None:
    """Whichever step of a start was the last, all of it is found and gone."""
    run = f"s{step.lower().replace('_', '')[:6]}{os.getpid()}"
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from harness.drivers.shell import LocalShell\n"
        "from harness.engine.embedded import engine\n"
        "from harness.engine.owner import Owner\n"
        "from harness.tests.engine_parts import tiny_stack\n"
        "shell, cache, work = LocalShell(), Path(sys.argv[1]), Path(sys.argv[2])\n"
        "step = getattr(engine, sys.argv[4])\n"
        "def last(*args, **more):\n"
        "    step(*args, **more)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(engine, sys.argv[4], last)\n"
        "owner = Owner.this_process(sys.argv[3])\n"
        "engine.EmbeddedEngine(owner, cache=cache, shell=shell).start(tiny_stack(work, shell))\n"
    )
    work = cache / run
    work.mkdir()
    argv = [sys.executable, "-c", script, str(cache), str(work), run, step]
    assert SHELL.run(argv, timeout=60, check=False).code == -signal.SIGKILL
    sweep = Sweep(cache=cache, shell=SHELL)
    (mine,) = (each for each in sweep.leftovers() if each.run == run)
    assert mine.state is State.DEAD
    sweep.put_away(mine)
    engine = EmbeddedEngine(Owner.this_process(run), cache=cache, shell=SHELL)
    assert what_is_left(engine) == []
    engine.start(stack)
    engine.stop()
