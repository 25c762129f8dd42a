"""A topology reproduced and kept: brought up, completed, or found to be as it should be.

Each is a run of its own that outlives its process. Whoever asks for the same topology again comes
back to it, whatever it was cut off by.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from harness.card import KEPT_FOR, Card, Keep, Options, folders, standing
from harness.engine.stack.store import cache_folder
from harness.errors import HostError
from harness.mesh import Mesh
from harness.perform import Progress
from harness.run import Run
from harness.soundness import flaws
from harness.topology import Topology


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A mesh that is up, and whether anything had to be done for it."""

    run: Run
    mesh: Mesh
    changed: bool


def reproduce(
    topology: Topology, options: Options, say: Callable[[str], None], progress: Progress
) -> Reproduced:
    """Have the topology up and kept, and return it; what is right already is left alone.

    Raises ProvisioningError when it does not come up: what there is of it is kept for a look, and
    the next call completes it.
    """
    with _alone(topology):
        run = found(topology, options)
        if run is None:
            wanted = replace(options, keep=Keep.ALWAYS, reproduces=topology)
            run = Run.open(wanted, say)
        # from now on nobody takes it for dead, however this ends
        run.engine.keep(datetime.now(UTC) + KEPT_FOR)
        mesh = run.mesh(topology)
        if run.attached and topology in standing(run.folder):
            wrong = flaws(mesh)
            if not wrong:
                return Reproduced(run, mesh, changed=False)
            for flaw in wrong:
                say(f"not as it should be: {flaw}")
        if run.attached:
            say(f"completing run {run.card.id}, begun {run.card.started:%H:%M} UTC")
        run.bring_up(mesh, progress)
        return Reproduced(run, mesh, changed=True)


def found(topology: Topology, options: Options) -> Run | None:
    """Return the newest run that reproduces the topology, its engine entered; None without one."""
    for folder in folders():
        card = Card.read(folder)
        wanted = (options.engine or "auto", options.images or "auto")
        chosen = (card.choice.engine, card.choice.images)
        fits = all(word in ("auto", has) for word, has in zip(wanted, chosen, strict=True))
        if card.reproduces != topology or not fits:
            continue
        try:
            return Run.attach(card.id)
        except HostError:  # it was put away, or its engine was
            continue
    return None


@contextmanager
def _alone(topology: Topology) -> Iterator[None]:
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(cache / f"up-{topology.name}.lock")
    try:
        with lock.acquire(timeout=0):
            yield
    except Timeout as problem:
        raise HostError(
            f"topology {topology.name}: another `meshproof up` is at work on it: wait for its end"
        ) from problem
