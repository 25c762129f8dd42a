"""What runs have left on this machine: told, and put away by `gc`, `down` and each new run."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
import os

from filelock import FileLock
import psutil

from harness.access import Shell
from harness.engine.stack.store import cache_folder
from harness.engine.sweep import Leftover, Sweep
from harness.errors import HarnessError, HostError
from harness.providers.claims import release_run

_lock_seconds = 60.0


def leftovers(shell: Shell) -> tuple[Leftover, ...]:
    """Return what there is of any run, at work, kept or dead."""
    return _sweep(shell).leftovers()


def put_away(shell: Shell, each: Leftover) -> None:
    """Put away all of one run; HostError when anything of it is still there."""
    if each.engine == "embedded" and os.geteuid() != 0:
        raise HostError(f"{brief(each)}: only root can put it away")
    with _locked():
        _sweep(shell).put_away(each)
        release_run(cache_folder() / "claims", each.run)
    left = [other for other in leftovers(shell) if (other.run, other.engine) == _key(each)]
    if left:
        raise HostError(f"{left[0]}: still there: look at what holds it, then try again")


def put_away_dead(shell: Shell) -> tuple[Leftover, ...]:
    """Put away what nobody needs any more, and return it as it was before."""
    with _locked():
        gone = _sweep(shell).put_away_abandoned()
        for each in gone:
            release_run(cache_folder() / "claims", each.run)
    return gone


def make_room(shell: Shell, say: Callable[[str], None]) -> None:
    """Put away what nobody needs any more, one line for each; a failure is told, not raised."""
    try:
        gone = put_away_dead(shell)
    except (OSError, psutil.Error, HarnessError) as problem:
        say(f"what a dead run has left could not be put away ({problem}): see `meshproof gc`")
        return
    for each in gone:
        say(f"put away what was left of {brief(each)}")


def brief(each: Leftover) -> str:
    """Return whose it is and how many things of each kind it holds, in one line."""
    kinds = Counter(thing.rpartition(" ")[0] for thing in each.holds)
    counted = ", ".join(f"{kind} ({count})" for kind, count in kinds.items())
    whose = f"pid {each.owner.pid} on {each.owner.host}" if each.owner else "owner unknown"
    return f"run {each.run} ({each.engine}, {each.state}, {whose}): {counted}"


def _key(each: Leftover) -> tuple[str, str]:
    return each.run, each.engine


def _sweep(shell: Shell) -> Sweep:
    return Sweep(cache=cache_folder(), shell=shell)


@contextmanager
def _locked() -> Iterator[None]:
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    # two sweeps of one leftover would stumble over each other
    with FileLock(cache / "sweep.lock", timeout=_lock_seconds):
        yield
