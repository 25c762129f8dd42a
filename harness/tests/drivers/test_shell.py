from pathlib import Path
import subprocess  # noqa: TID251  # what runs a program is what is tested
import threading
import time

import psutil
import pytest

from harness.drivers import shell as shell_module
from harness.drivers.shell import LocalShell
from harness.drivers.transcript import Transcript
from harness.errors import CancelledError, CommandError, HostError


def _gone_within(pid: int, seconds: float) -> bool:
    last = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < last:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        pause.wait(0.02)
    return False


def test_a_program_is_given_its_input_and_gives_both_outputs_and_its_code() -> None:
    """Standard input goes in; code, standard output and standard error come out apart."""
    done = LocalShell().run(
        ["sh", "-c", "cat; echo bad >&2; exit 3"], timeout=5, stdin="hello", check=False
    )
    assert (done.code, done.stdout, done.stderr) == (3, "hello", "bad\n")


def test_a_failure_carries_what_to_paste_and_where_it_ran() -> None:
    """CommandError tells the code, the output, the place and the whole command line."""
    with pytest.raises(CommandError) as caught:
        LocalShell(where="the bench").run(["sh", "-c", "echo no >&2; exit 7"], timeout=5)
    assert caught.value.code == 7
    assert "exited 7 on the bench: no" in str(caught.value)
    assert "again: sh -c 'echo no >&2; exit 7'" in str(caught.value)


def test_a_missing_program_is_the_machines_fault() -> None:
    """A program that is not there raises HostError with the way out."""
    with pytest.raises(HostError, match="install it or put it on PATH"):
        LocalShell().run(["no-such-program-of-ours"], timeout=5)


def test_a_deadline_ends_the_whole_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program out of time is ended with the grandchildren that ignore SIGTERM."""
    monkeypatch.setattr(shell_module, "GRACE", 0.2)
    pid_file = tmp_path / "pid"
    script = f"trap '' TERM; (trap '' TERM; exec sleep 60) & echo $! > {pid_file}; wait"
    began = time.monotonic()
    with pytest.raises(CommandError) as caught:
        LocalShell().run(["bash", "-c", script], timeout=0.5)
    assert caught.value.code is None
    assert time.monotonic() - began < 5
    assert _gone_within(int(pid_file.read_text()), 2)


def test_a_program_that_leaves_a_daemon_behind_is_done_when_it_exits() -> None:
    """Output held open by a daemon of another session does not keep the caller waiting."""
    began = time.monotonic()
    done = LocalShell().run(["sh", "-c", "setsid sleep 5 & echo started"], timeout=10)
    assert done.stdout == "started\n"
    assert time.monotonic() - began < 3


def test_a_deadline_missed_by_nobody_is_no_error() -> None:
    """Programs that end in time keep their own exit code, side by side in threads."""
    shell = LocalShell()
    codes: list[int] = []

    def run(code: int) -> None:
        codes.append(shell.run(["sh", "-c", f"exit {code}"], timeout=5, check=False).code)

    threads = [threading.Thread(target=run, args=(code,)) for code in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == list(range(10))


def test_abort_ends_what_runs_and_leaves_the_shell_usable() -> None:
    """Abort raises CancelledError in those who wait; later programs run as before."""
    shell = LocalShell()
    caught: list[BaseException] = []

    def run() -> None:
        try:
            shell.run(["sleep", "60"], timeout=60)
        except CancelledError as problem:
            caught.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    last = time.monotonic() + 5
    while not shell._running and time.monotonic() < last:
        threading.Event().wait(0.01)
    shell.abort()
    thread.join(5)
    assert len(caught) == 1
    assert shell.run(["true"], timeout=5).code == 0


def test_environments_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program sees this process's environment, the shell's and the call's, the last winning."""
    monkeypatch.setenv("ONE", "process")
    shell = LocalShell(environment={"TWO": "shell", "THREE": "shell"})
    done = shell.run(["sh", "-c", "echo $ONE $TWO $THREE"], timeout=5, env={"THREE": "call"})
    assert done.stdout == "process shell call\n"


def test_a_programs_path_is_searched_in_the_shells_environment(tmp_path: Path) -> None:
    """Programs are found on the PATH that the shell was given."""
    tool = tmp_path / "tool-of-the-stack"
    tool.write_text("#!/bin/sh\necho here\n")
    tool.chmod(0o755)
    shell = LocalShell(environment={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert shell.run([tool.name], timeout=5).stdout == "here\n"


def test_secrets_reach_neither_the_transcript_nor_the_error(tmp_path: Path) -> None:
    """A token on the command line or in the output is withheld wherever it is written down."""
    shell = LocalShell(transcript=Transcript(tmp_path))
    argv = ["sh", "-c", "echo token: s3cr3t >&2; exit 1", "sh", "--token", "s3cr3t"]
    with pytest.raises(CommandError) as caught:
        shell.run(argv, timeout=5, stdin='{"kind": "Secret", "data": {"a": "s3cr3t"}}')
    written = (tmp_path / "transcript.jsonl").read_text() + (tmp_path / "transcript.sh").read_text()
    assert "(withheld)" in written
    assert "s3cr3t" not in written + str(caught.value) + caught.value.stderr


def test_a_program_that_is_attended_writes_to_our_own_output(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Nothing is kept back, its input is empty, and its exit code comes back."""
    code = LocalShell(environment={"WORD": "hello"}).attend(["sh", "-c", "echo $WORD; cat; exit 3"])

    assert (code, capfd.readouterr().out) == (3, "hello\n")


def test_a_program_that_is_attended_may_be_missing() -> None:
    """It is the machine's fault, as with any other."""
    with pytest.raises(HostError, match="install it or put it on PATH"):
        LocalShell().attend(["no-such-program-of-ours"])


def test_who_stops_us_stops_what_we_attend_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets one SIGTERM and ends in its own time, however impatient the user is."""
    log, child = tmp_path / "log", f"trap 'echo asked >> {tmp_path}/log' TERM; echo up >> {{}}; "
    script = child.format(log) + "sleep 0.5; sleep 0.5; echo done >> " + str(log)
    waited = subprocess.Popen.wait
    calls = []

    def impatient(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        calls.append(process.pid)
        while not log.is_file():
            threading.Event().wait(0.02)
        if len(calls) < 3:
            raise KeyboardInterrupt
        return waited(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", impatient)
    with pytest.raises(KeyboardInterrupt):
        LocalShell().attend(["sh", "-c", script])

    assert log.read_text().splitlines() == ["up", "asked", "done"]
