"""What dead runs have left on this machine is put away before a new one begins, and by `gc`."""

from collections.abc import Callable

from filelock import FileLock

from harness.access import Shell
from harness.engine.stack.store import cache_folder
from harness.engine.sweep import Leftover, Sweep
from harness.errors import HarnessError
from harness.providers.claims import release_run

_lock_seconds = 60.0


def sweeper(shell: Shell) -> Sweep:
    """Return the sweep of this user's cache and of the host's Docker."""
    return Sweep(cache=cache_folder(), shell=shell)


def put_away_dead(shell: Shell, say: Callable[[str], None]) -> tuple[Leftover, ...]:
    """Put away what nobody needs any more, said in one line each; a failure stops nobody."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    try:
        # two sweeps of one leftover would stumble over each other
        with FileLock(cache / "sweep.lock", timeout=_lock_seconds):
            gone = sweeper(shell).put_away_abandoned()
            for each in gone:
                release_run(cache / "claims", each.run)
    except (OSError, HarnessError) as problem:
        say(f"what a dead run has left could not be put away ({problem}): see `meshproof gc`")
        return ()
    for each in gone:
        say(f"put away what was left of {each}")
    return gone
