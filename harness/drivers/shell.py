"""Runs programs on this machine: the only place that starts a process.

Each program has a session of its own, so that ending it ends all that it started, and a deadline,
so that nothing hangs for ever.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
import os
import signal
import subprocess  # noqa: TID251  # the one place
from tempfile import TemporaryFile
import threading
import time
from typing import IO

from harness.access import Completed
from harness.drivers.masking import masked, masked_argv
from harness.drivers.transcript import Transcript
from harness.errors import CancelledError, CommandError, HostError

GRACE = 3.0
"""Seconds between asking a program to end and ending its whole group by force."""


class _Child:
    """A running program, ended together with every process of its group."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.reason = ""
        self._reaped = False
        self._lock = threading.Lock()

    def _exited(self, flags: int = os.WNOHANG) -> bool:
        # WNOWAIT leaves the zombie, so its group's number cannot be given to anyone else
        return bool(os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT | flags))

    def wait(self) -> None:
        """Block until the program itself has exited, not what it left behind."""
        self._exited(flags=0)

    def end(self, reason: str) -> None:
        """Ask the group to end, then make it; nothing if the program has exited already."""
        with self._lock:
            if self._reaped or self._exited():
                return
            self.reason = reason
            os.killpg(self.process.pid, signal.SIGTERM)
            pause, last = threading.Event(), time.monotonic() + GRACE
            while not self._exited() and time.monotonic() < last:
                pause.wait(0.02)
            os.killpg(self.process.pid, signal.SIGKILL)

    def reap(self) -> int:
        """Return the exit code once nobody is ending the program any more."""
        with self._lock:
            self._reaped = True
            return self.process.wait()


class LocalShell:
    """Shell of this machine: `environment` is added to this process's own for every program.

    Safe to use from several threads. What it runs is told to the transcript, without secrets.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str] | None = None,
        where: str = "this machine",
        transcript: Transcript | None = None,
    ) -> None:
        self.environment = dict(environment or {})
        self.where = where
        self._transcript = transcript
        self._running: set[_Child] = set()
        self._lock = threading.Lock()

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> Completed:
        """Run argv to its end within `timeout` seconds, ending its whole group otherwise.

        Raises CommandError as Shell says, HostError when there is no such program, and
        CancelledError when `abort` ended it.
        """
        argv = tuple(argv)
        added = self.environment | dict(env or {})
        began = time.monotonic()
        # files, not pipes: a program that has exited is done, whoever still holds its output
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write((stdin or "").encode())
            given.seek(0)
            code, reason = self._run_to_end(argv, os.environ | added, (given, out, err), timeout)
            done = Completed(argv, code, _text(out), _text(err), time.monotonic() - began)
        if self._transcript is not None:
            self._transcript.ran(done, where=self.where, env=added, stdin=stdin, ended=reason)
        if reason == "aborted":
            raise CancelledError(f"{argv[0]} was given up on {self.where}: the run was stopped")
        if reason or (check and code != 0):
            raise CommandError(
                masked_argv(argv),
                where=self.where,
                code=None if reason else code,
                stdout=masked(done.stdout),
                stderr=masked(done.stderr),
            )
        return done

    def attend(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
        """Run argv on our own terminal, however long it takes, and return its exit code.

        Whoever stops us stops it, once: it gets SIGTERM and all the time that it needs to put
        things in order. Raises HostError when there is no such program.
        """
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                env=os.environ | self.environment | dict(env or {}),
                # a session of its own, or Ctrl-C would reach it from the terminal, too
                start_new_session=True,
            )
        except (FileNotFoundError, PermissionError) as problem:
            raise _cannot_be_run(argv[0], self.where, problem) from problem
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            while process.returncode is None:
                with suppress(KeyboardInterrupt):
                    process.wait()
            raise

    def _run_to_end(
        self,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        streams: tuple[IO[bytes], IO[bytes], IO[bytes]],
        timeout: float,
    ) -> tuple[int, str]:
        try:
            child = _Child(
                subprocess.Popen(
                    argv,
                    stdin=streams[0],
                    stdout=streams[1],
                    stderr=streams[2],
                    env=environment,
                    start_new_session=True,
                )
            )
        except (FileNotFoundError, PermissionError) as problem:
            raise _cannot_be_run(argv[0], self.where, problem) from problem
        with self._lock:
            self._running.add(child)
        timer = threading.Timer(timeout, child.end, ("deadline",))
        timer.daemon = True
        timer.start()
        try:
            child.wait()
        except BaseException:  # Ctrl-C in the main thread: the program would outlive us
            child.end("interrupted")
            raise
        finally:
            timer.cancel()
            code = child.reap()
            with self._lock:
                self._running.discard(child)
        return code, child.reason

    def abort(self) -> None:
        """End every program that runs now; those who wait for them get CancelledError."""
        with self._lock:
            running = tuple(self._running)
        threads = [threading.Thread(target=child.end, args=("aborted",)) for child in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _cannot_be_run(program: str, where: str, problem: OSError) -> HostError:
    why = f"{program} cannot be run on {where} ({problem.strerror})"
    return HostError(f"{why}: install it or put it on PATH")


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode(errors="replace")
