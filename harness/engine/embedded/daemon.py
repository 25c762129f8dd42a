"""A private dockerd: its configuration, its start, its answer.

It runs in a network namespace, and in mount and process namespaces of its own: whatever it mounts,
and whatever it starts, is gone the moment the first process in there is.
"""

from collections.abc import Mapping
import json
import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess  # noqa: TID251  # the daemon outlives the call that starts it
import sys

import psutil

from harness.engine.embedded import runtime
from harness.engine.embedded.layout import Layout
from harness.errors import HostError, NotYet
from harness.patience import Patience, until

SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
_longest_socket_path = 107
_patience = Patience(60, first=0.02, longest=0.1)
_apart = ("--mount", "--propagation=slave", "--pid", "--fork", "--kill-child", "--mount-proc")

NAME_SERVER = "172.17.0.1"
"""Where the name server of the namespace is reached from containers: the default bridge."""

# There are no names beyond the namespace, and a cluster's DNS is told so at once: without anybody
# to ask, what is NXDOMAIN on any other network would be a time-out here.
_no_names = """
.:53 {
    template ANY ANY {
        rcode NXDOMAIN
    }
}
"""

# Its own /run keeps sockets, the lock of iptables and Docker's state apart from every other
# daemon's, and the second `wait` is for the shutdown that a signal begins.
_first_process = """
mount -t tmpfs meshproof /run
if [ -d /etc/docker ]; then mount -t tmpfs meshproof /etc/docker; fi
if [ -n "$1" ]; then "$1" -quiet -conf "$2" & fi
shift 2
"$@" &
daemon=$!
trap 'kill -TERM $daemon' TERM
wait $daemon || wait $daemon
"""


def configure(layout: Layout, *, cgroup: str, absent: tuple[str, ...], bridge: bool = True) -> None:
    """Write the daemon's configuration, and a runtime that asks for no absent capability."""
    if len(os.fsencode(layout.socket)) > _longest_socket_path:
        raise HostError(
            f"{layout.socket}: longer than the {_longest_socket_path} bytes of a socket's path: "
            "set MESHPROOF_CACHE to a shorter one"
        )
    settings: dict[str, object] = {
        "data-root": str(layout.data),
        "exec-root": "/run/docker",
        "pidfile": "/run/docker.pid",
        "hosts": [layout.docker_host],
        "storage-driver": "overlay2",
        "cgroup-parent": f"/{cgroup}",
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "oom-score-adjust": 0,
    }
    settings |= (
        {"bip": f"{NAME_SERVER}/16", "dns": [NAME_SERVER]}
        if bridge
        else {"bridge": "none", "iptables": False}
    )
    layout.names.write_text(_no_names)
    if absent:
        settings |= {
            "runtimes": {"within-means": {"path": str(_write_runtime(layout.folder, absent))}},
            "default-runtime": "within-means",
        }
    layout.configuration.write_text(json.dumps(settings, indent=1))


def _write_runtime(folder: Path, absent: tuple[str, ...]) -> Path:
    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    path = folder / "runtime"
    path.write_text(f"#!{python} -IS\n" + Path(runtime.__file__).read_text())
    path.chmod(0o755)
    runc = program("runc")
    (folder / "runtime.json").write_text(json.dumps({"absent": absent, "runc": runc}))
    return path


def program(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the path of a program that an ordinary PATH may not hold; HostError when absent."""
    found = shutil.which(name, path=f"{environment.get('PATH', os.defpath)}:{SBIN}")
    if found is None:
        raise HostError(f"{name}: not found; install Debian's docker.io, or run `meshproof doctor`")
    return found


class Daemon:
    """A dockerd that was started by this process, and a name server beside it."""

    def __init__(self, layout: Layout, namespace: Path | None, coredns: Path | None = None) -> None:
        """Start it in the network namespace, or in a nameless one; it does not answer yet."""
        network = [program("nsenter"), f"--net={namespace}"] if namespace else []
        apart = [*_apart, *([] if namespace else ["--net"])]
        daemon = [program("dockerd"), "--config-file", str(layout.configuration)]
        first = ["sh", "-ec", _first_process, "sh", str(coredns or ""), str(layout.names)]
        self._layout = layout
        with layout.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*network, program("unshare"), *apart, *first, *daemon],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env=os.environ | {"PATH": f"{os.environ.get('PATH', os.defpath)}:{SBIN}"},
            )

    def await_answer(self) -> None:
        """Return once the daemon answers; HostError with its last words when it ended instead."""

        def look() -> None:
            if self._process.poll() is not None:
                raise HostError(f"dockerd ended at once: {last_words(self._layout)}")
            ping(self._layout.socket)

        until(f"dockerd answers at {self._layout.socket}", look, _patience)

    def shut_down(self) -> None:
        """Ask the daemon to end, and return once it has written everything and is gone."""
        for first in psutil.Process(self._process.pid).children():
            first.send_signal(signal.SIGTERM)

        def look() -> None:
            if self._process.poll() is None:
                raise NotYet("it is still there")

        until("dockerd ends", look, _patience)

    def reap(self) -> None:
        """Take leave of a daemon that was killed."""
        self._process.wait()


def ping(path: Path) -> None:
    """Ask a daemon whether it is there; NotYet when it is not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        try:
            connection.connect(str(path))
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            reply = connection.recv(64)
        except OSError as problem:
            raise NotYet(f"{path}: {problem.strerror or problem}") from problem
    if b" 200 " not in reply:
        raise NotYet(f"{path}: {reply!r}")


def last_words(layout: Layout) -> str:
    """Return the end of the daemon's log."""
    try:
        lines = layout.log.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    telling = [line for line in lines if "level=info" not in line and "level=debug" not in line]
    return "\n".join(telling[-8:] or lines[-3:]) or "(it said nothing)"
