"""`python -m harness.bench`: time the documents' order of primary-remote against meshproof's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
import json
import os
import signal
import sys
from typing import Annotated

import typer

from harness.bench.account import Pair, Span, as_json, medians
from harness.bench.documents import DocumentsOrder
from harness.bench.one_by_one import OneByOne
from harness.bench.ours import perform_ours
from harness.bench.site import prepare_site
from harness.card import Options
from harness.cli import options
from harness.cli.problems import told
from harness.drivers.shell import LocalShell
from harness.engine.stack.store import cache_folder
from harness.errors import ExitCode
from harness.mesh import Mesh
from harness.record import StepRecord
from harness.run import Run
from harness.topology import Topology
from harness.topology_file import find

TOPOLOGY = "primary-remote"
Side = Callable[[Run, Mesh], tuple[Span, ...]]

app = typer.Typer(name="bench", pretty_exceptions_enable=False)


@app.command()
def bench(
    *,
    pairs: Annotated[int, typer.Option(min=1, help="How many comparisons.")] = 1,
    engine: options.Engine = None,
    images: options.Images = None,
    no_install: options.NoInstall = False,
    tuned: Annotated[
        bool,
        typer.Option("--tuned-nodes", help="Give the documents' side meshproof's nodes, too."),
    ] = False,
) -> None:
    """Bring primary-remote up by the documents' order and by meshproof's, and say the ratio.

    Both in one engine, on the same images. The documents' clusters are as kind makes them: each
    node gets a copy of the images, etcd writes to the disk. meshproof goes first in the first pair
    and in every other one after it, so that a cold cache does not speak for it.
    """
    chosen = Options(engine=engine, images=images, install=not no_install)
    run = Run.open(chosen, say)
    try:
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        say(f"{os.cpu_count()} cores, load {load}")
        compared: list[Pair] = []
        for nth in range(pairs):
            compared.append(_pair(run, find(TOPOLOGY), nth, tuned=tuned))
            say(f"\npair {nth + 1} of {pairs}")
            for line in compared[-1].table():
                say(line)
            (run.folder / "bench.json").write_text(json.dumps(as_json(compared), indent=1))
        say(medians(compared))
    finally:
        run.close(failed=False)


def say(line: str) -> None:
    """Tell the user a line at once."""
    typer.echo(line)


def _pair(run: Run, topology: Topology, nth: int, *, tuned: bool) -> Pair:
    sides: dict[str, Side] = {
        "meshproof": _meshproof,
        "documents": partial(_documents, tuned=tuned),
    }
    order = sorted(sides, reverse=nth % 2 == 0)
    spans = {}
    for side in order:
        say(f"\n{side}, pair {nth + 1}")
        # a name of its own, so that no cluster or file of another side is taken for it
        named = topology.model_copy(update={"name": f"bench-{side}-{nth + 1}"})
        with _mesh(run, named) as mesh:
            spans[side] = sides[side](run, mesh)
    return Pair(spans["documents"], spans["meshproof"])


def _documents(run: Run, mesh: Mesh, *, tuned: bool) -> tuple[Span, ...]:
    shell = LocalShell(environment=run.card.environment)
    folder = cache_folder() / "runs" / run.card.id / mesh.topology.name
    stack = run.card.stack
    site = prepare_site(mesh, stack, folder=folder, shell=shell, tuned=tuned)
    order = DocumentsOrder(mesh.topology, run.card.settings, site)
    return OneByOne(mesh.topology, order, shell).run(say)


def _meshproof(_run: Run, mesh: Mesh) -> tuple[Span, ...]:
    return perform_ours(mesh, Quiet())


class Quiet:
    """Progress that says only which steps ended."""

    def started(self, step: str, cluster: str) -> None:
        """Say nothing."""

    def waiting(self, step: str, cluster: str, what: str, seconds: float, last: str) -> None:
        """Say nothing."""

    def ended(self, record: StepRecord) -> None:
        """Say the step and how long it took."""
        say(f"  {record.step} took {record.seconds:.1f} s")


@contextmanager
def _mesh(run: Run, topology: Topology) -> Iterator[Mesh]:
    mesh = run.mesh(topology)
    try:
        yield mesh
    finally:
        run.take_down(mesh)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = app(arguments, prog_name="bench", standalone_mode=False)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as problem:  # noqa: BLE001  # told by its kind
        return told(problem)
    return code if isinstance(code, int) else ExitCode.PASSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
