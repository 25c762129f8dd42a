"""Clusters of somebody else: made by a run of the tests' own, told to meshproof by context only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import sys

from harness.card import Options
from harness.drivers.shell import LocalShell
from harness.mesh import Mesh
from harness.perform import Unheard, perform
from harness.plan import bench_plan
from harness.providers.kind import kind_name
from harness.run import Run
from harness.topology import Topology

ROOT = Path(__file__).parents[2]
LONGEST = 900.0


@dataclass(frozen=True, slots=True)
class Theirs:
    """Clusters that are up, and a way to have another process verify a topology on them."""

    run: Run
    mesh: Mesh

    @property
    def topology(self) -> Topology:
        """Return what the clusters are to become."""
        return self.mesh.topology

    def context(self, cluster: str) -> str:
        """Return the context by which kubectl and meshproof reach the cluster."""
        return f"kind-{kind_name(self.run.card.owner.run, self.topology.name, cluster)}"

    def kubeconfig(self, cluster: str) -> Path:
        """Return the file that has the context."""
        return self.run.kubeconfig(self.topology).parent / cluster / "kubeconfig"

    @property
    def contexts(self) -> list[str]:
        """Return the options that tell another process all that it is told."""
        return [
            f"--context={name}={self.context(name)}@{self.kubeconfig(name)}"
            for name in self.topology.names
        ]

    def verified(self, *args: str, within: tuple[str, ...] = ()) -> tuple[int, str]:
        """Verify the topology in a process of its own; return its exit code and what it said.

        `within` is a program that runs the rest of its arguments.
        """
        argv = [sys.executable, "-m", "pytest", "scenarios", f"--topology={self.topology.name}"]
        card = self.run.card
        shell = LocalShell(environment={**os.environ, **card.environment})
        done = shell.run(
            [*within, *argv, f"--rootdir={ROOT}", f"--images={card.choice.images}", *args],
            timeout=LONGEST,
            check=False,
        )
        print(done.stdout, done.stderr)  # noqa: T201  # it is shown when this fails
        return done.code, done.stdout + done.stderr


@contextmanager
def theirs(topology: Topology, *, load_balancer: bool = True) -> Iterator[Theirs]:
    """Bring clusters up, each with a load balancer where wanted; put them away at the end."""
    run = Run.open(Options(), print)
    try:
        mesh = run.mesh(topology)
        todo = bench_plan(topology, mesh.pools if load_balancer else {})
        perform(todo, mesh, Unheard()).raise_if_failed()
        yield Theirs(run, mesh)
    finally:
        run.close(failed=False)
