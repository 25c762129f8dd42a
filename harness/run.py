"""Run: one use of meshproof on this machine, from choosing an engine to putting it away.

A run has a folder that tells all about it, an engine that its clusters live in, and an owner that
says when it may be swept away. Whoever opens it closes it; other processes of the same run (the
workers of pytest-xdist) join it by its folder, and a later one attaches to a run that was kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import os
from pathlib import Path
import secrets
import shutil
from typing import Self

from pydantic import TypeAdapter

from harness.drivers.shell import LocalShell
from harness.drivers.transcript import Transcript
from harness.engine import Engine, Stack
from harness.engine.choose import Choice, choose, make_engine
from harness.engine.owner import Owner
from harness.engine.prepare import prepare
from harness.engine.stack.store import cache_folder
from harness.errors import UsageError
from harness.journal import Journal
from harness.mesh import Mesh
from harness.patience import now
from harness.perform import Performance, Progress, perform
from harness.plan import plan
from harness.record import ProvisionRecord
from harness.settings import Settings
from harness.topology import Root, Topology
from harness.trust import Authority

RUNS = Path(__file__).parent.parent / "reports" / "runs"
KEPT_FOR = timedelta(hours=12)


class Keep(StrEnum):
    """Which meshes stay up when the run is over."""

    NEVER = "never"
    ON_FAILURE = "on-failure"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose; None leaves it to the environment, or to what is found."""

    engine: str | None = None
    images: str | None = None
    keep: Keep = Keep.NEVER
    install: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """What a run is, for whoever joins it or reports on it: run.json in its folder."""

    id: str
    started: datetime
    choice: Choice
    owner: Owner
    stack: Stack
    settings: Settings
    keep: Keep
    environment: dict[str, str]
    """What programs need in order to reach the engine."""
    timings: dict[str, float]
    """Seconds of the phases before the first plan."""


_card = TypeAdapter(Card)


class Run:
    """An open run; see the module."""

    def __init__(self, folder: Path, card: Card, engine: Engine) -> None:
        self.folder, self.card, self.engine = folder, card, engine
        self.journal = Journal(folder / "records")
        self._shells: list[LocalShell] = []

    @classmethod
    def open(cls, options: Options, say: Callable[[str], None]) -> Self:
        """Choose and start an engine, with all that it needs, and return the run.

        Raises UsageError for choices that cannot be met and HostError when the machine lacks
        something; both hold every problem. No engine is left behind then.
        """
        started, began = datetime.now(UTC), now()
        owner = Owner.this_process(f"{started:%m%d%H%M}{secrets.token_hex(2)}")
        shell = LocalShell()
        settings = Settings()
        choice = choose(
            shell,
            node_image=settings.images.node,
            environment=os.environ,
            engine=options.engine,
            images=options.images,
        )
        for line in choice.lines:
            say(line)
        stack = prepare(choice, settings.versions, shell, say, install=options.install)
        ready = now()
        engine = make_engine(choice, owner, cache=cache_folder(), shell=shell)
        engine.start(stack)
        os.environ.update(engine.environment)
        card = Card(
            id=owner.run,
            started=started,
            choice=choice,
            owner=owner,
            stack=stack,
            settings=settings.model_copy(
                update={"images": stack.images, "upstream_envoy": stack.upstream_envoy}
            ),
            keep=options.keep,
            environment=engine.environment,
            timings={"tools and images": ready - began, "engine": now() - ready},
        )
        folder = RUNS / owner.run
        folder.mkdir(parents=True)
        (folder / "run.json").write_bytes(_card.dump_json(card, indent=1))
        return cls(folder, card, engine)

    @classmethod
    def join(cls, folder: Path) -> Self:
        """Return a run that another process has opened and will close."""
        card = _card.validate_json((folder / "run.json").read_bytes())
        engine = make_engine(card.choice, card.owner, cache=cache_folder(), shell=LocalShell())
        return cls(folder, card, engine)

    @classmethod
    def attach(cls, name: str) -> Self:
        """Return a run that was kept, its engine entered; raises UsageError if there is none."""
        folder = RUNS / name
        if not (folder / "run.json").is_file():
            kept = ", ".join(sorted(path.parent.name for path in RUNS.glob("*/run.json")))
            raise UsageError(f"run {name!r} is not there; runs of this checkout: {kept or 'none'}")
        run = cls.join(folder)
        run.engine.attach(run.card.stack)
        os.environ.update(run.engine.environment)
        return run

    def mesh(self, topology: Topology) -> Mesh:
        """Return the topology's mesh, its clusters up or not, its addresses claimed."""
        from harness.providers.kind import KindProvider  # noqa: PLC0415  # loads testinfra

        transcript = Transcript(self.folder / topology.name)
        shell = LocalShell(environment=self.card.environment, transcript=transcript)
        self._shells.append(shell)
        provider = KindProvider(
            topology,
            owner=self.card.owner,
            stack=self.card.stack,
            shell=shell,
            folder=self._private / topology.name,
            state=cache_folder(),
            transcript=transcript,
        )
        return Mesh(
            topology,
            self.card.settings,
            provider,
            pools=provider.pools(topology, self.card.settings.pool_size),
            load_balancer=self.card.stack.tools.metallb,
            authority=self._authority(topology) if topology.root is Root.SHARED else None,
        )

    def _authority(self, topology: Topology) -> Authority:
        """Return the root that this run's clusters share, made when it is first asked for."""
        file = self._private / topology.name / "root.pem"
        if file.is_file():
            return Authority.load(file.read_text())
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority = Authority.make(topology.key_type)
        file.touch(mode=0o600)
        file.write_text(authority.private_pem)
        return authority

    def bring_up(self, mesh: Mesh, progress: Progress) -> None:
        """Bring the mesh up and record how it went.

        Raises ProvisioningError with every cause.
        """
        todo = plan(mesh.topology, mesh.pools, makes_clusters=mesh.provider.makes_clusters)
        performance = perform(todo, mesh, progress, abort=self._abort)
        self.journal.write(_record(mesh, performance))
        performance.raise_if_failed()

    def take_down(self, mesh: Mesh) -> None:
        """Delete the mesh's clusters."""
        for name in mesh.topology.names:
            mesh.provider.delete(name)

    def keeps(self, *, failed: bool) -> bool:
        """Whether meshes stay up, given whether something failed."""
        return self.card.keep is Keep.ALWAYS or (self.card.keep is Keep.ON_FAILURE and failed)

    def close(self, *, failed: bool) -> None:
        """End what `open` started: the engine goes, unless a mesh in it is to be kept."""
        if self.keeps(failed=failed):
            self.engine.keep(datetime.now(UTC) + KEPT_FOR)
            return
        self.engine.stop()
        shutil.rmtree(self._private, ignore_errors=True)

    @property
    def _private(self) -> Path:
        """Where kubeconfigs and keys are: not in the run's folder, which is made to be shown."""
        return cache_folder() / "runs" / self.card.id

    def _abort(self) -> None:
        for shell in self._shells:
            shell.abort()


def _record(mesh: Mesh, performance: Performance) -> ProvisionRecord:
    causes = [f"{step}: {cause}" for step, cause in performance.failures.items()]
    return ProvisionRecord(
        topology=mesh.topology,
        phase="up",
        steps=performance.records,
        seconds=performance.seconds,
        error="; ".join(causes),
        gateways={
            name: str(pool.first)
            for name, pool in mesh.pools.items()
            if mesh.topology.has_gateway(name)
        },
    )
