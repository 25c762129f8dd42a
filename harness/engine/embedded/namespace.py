"""The network namespace of a run: made without a way out, entered by this process, deleted."""

import ctypes
import os
from pathlib import Path

from harness.access import Shell

NAMED = Path("/run/netns")
"""Where iproute2 keeps namespaces by name."""

_clone_newnet = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def namespace_name(run: str) -> str:
    """Return the name of a run's namespace, which is that of its cgroup too."""
    return f"meshproof-{run}"


def add_namespace(shell: Shell, name: str) -> None:
    """Make the namespace: loopback is up, and there is no route to anywhere else."""
    shell.run(["ip", "netns", "add", name], timeout=10)
    shell.run(["ip", "-netns", name, "link", "set", "lo", "up"], timeout=10)


def delete_namespace(shell: Shell, name: str) -> None:
    """Delete the name; the namespace itself goes with its last process. Absent is no error."""
    if (NAMED / name).exists():
        shell.run(["ip", "netns", "delete", name], timeout=10)


def enter(namespace: Path) -> int:
    """Move the calling thread into the namespace and return a descriptor of the one it left.

    Threads and programs started from now on follow; call it from the main thread, before others
    start. `leave` gives the descriptor back.
    """
    left = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _set(namespace)
    except OSError:
        os.close(left)
        raise
    return left


def leave(left: int) -> None:
    """Move the calling thread back to where `enter` found it."""
    if _libc.setns(left, _clone_newnet) != 0:
        raise _failure("the network namespace left before")
    os.close(left)


def is_inside(namespace: Path) -> bool:
    """Whether the calling thread is in the namespace."""
    try:
        return namespace.samefile("/proc/thread-self/ns/net")
    except OSError:
        return False


def _set(namespace: Path) -> None:
    descriptor = os.open(namespace, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _libc.setns(descriptor, _clone_newnet) != 0:
            raise _failure(str(namespace))
    finally:
        os.close(descriptor)


def _failure(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)
