"""Run: one use of meshproof on this machine, from choosing an engine to putting it away.

A run has a folder that tells all about it, an engine that its clusters live in, and an owner that
says when it may be swept away. Whoever opens it closes it; other processes of the same run (the
workers of pytest-xdist) join it by its folder, and a later one attaches to a run that was kept.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
import os
from pathlib import Path
import shutil
from typing import Self

from harness import contexts
from harness.card import KEPT_FOR, RUNS, Card, Keep, Options, folder_of, new_name
from harness.drivers.shell import LocalShell
from harness.drivers.transcript import Transcript
from harness.engine import Engine
from harness.engine.choose import choose, make_engine
from harness.engine.embedded.layout import run_folders
from harness.engine.owner import Owner
from harness.engine.prepare import prepare
from harness.engine.stack.served import with_istio
from harness.engine.stack.store import cache_folder
from harness.journal import Journal
from harness.leftovers import make_room
from harness.mesh import Mesh, Provider, Step
from harness.patience import now
from harness.perform import Progress, Unheard, perform
from harness.plan import plan, withdrawal
from harness.providers.claims import release_run
from harness.providers.strangers import refuse_strangers
from harness.provisioned import provisioned, withdrawn
from harness.record import ProvisionRecord
from harness.settings import Settings
from harness.steps.withdrawal import carrying
from harness.topology import Root, Topology
from harness.trust import Authority


class Run:
    """An open run; see the module."""

    def __init__(
        self,
        folder: Path,
        card: Card,
        engine: Engine,
        *,
        attached: bool = False,
        account: Path | None = None,
    ) -> None:
        self.folder, self.card, self.engine = folder, card, engine
        self.attached = attached
        """Whether its meshes are up and stay, whatever comes."""
        self.account = account or folder
        """Where this use of it writes what it does and finds."""
        self.journal = Journal(self.account / "records")
        self._shells: list[LocalShell] = []

    @classmethod
    def open(cls, options: Options, say: Callable[[str], None]) -> Self:
        """Choose and start an engine, with all that it needs, and return the run.

        Raises UsageError for choices that cannot be met and HostError when the machine lacks
        something; both hold every problem. No engine is left behind then.
        """
        started, began = datetime.now(UTC), now()
        owner = Owner.this_process(options.name or new_name(started))
        shell = LocalShell()
        make_room(shell, say)
        settings = Settings(versions=with_istio(options.istio))
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
        try:
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
                reproduces=options.reproduces,
            )
            card.write(RUNS / owner.run)
        except BaseException:
            engine.stop()
            raise
        return cls(RUNS / owner.run, card, engine)

    @classmethod
    def join(cls, folder: Path, *, attached: bool = False, account: Path | None = None) -> Self:
        """Return a run that another process has opened and will close, or has attached to."""
        card = Card.read(folder)
        engine = make_engine(card.choice, card.owner, cache=cache_folder(), shell=LocalShell())
        return cls(folder, card, engine, attached=attached, account=account)

    @classmethod
    def attach(cls, name: str, *, apart: bool = False) -> Self:
        """Return a run that was kept, its engine entered; raises UsageError if there is none.

        With `apart` what is done and found from now on is written to a folder of its own.
        """
        account = RUNS / new_name(datetime.now(UTC)) if apart else None
        run = cls.join(folder_of(name), attached=True, account=account)
        run.engine.attach(run.card.stack)
        os.environ.update(run.engine.environment)
        return run

    def mesh(self, topology: Topology) -> Mesh:
        """Return the topology's mesh, its clusters up or not, its addresses claimed."""
        transcript = Transcript(self.account / topology.name)
        shell = LocalShell(environment=self.card.environment, transcript=transcript)
        self._shells.append(shell)
        provider = self._provider(topology, shell, transcript)
        return Mesh(
            topology,
            self.card.settings,
            provider,
            pools=provider.pools(topology, self.card.settings.pool_size),
            load_balancer=self.card.stack.tools.metallb,
            authority=self._authority(topology) if topology.root is Root.SHARED else None,
            run=self.card.id,
        )

    def _provider(self, topology: Topology, shell: LocalShell, transcript: Transcript) -> Provider:
        from harness.providers.existing import ExistingProvider  # noqa: PLC0415  # load testinfra
        from harness.providers.kind import KindProvider  # noqa: PLC0415

        stack, folder = self.card.stack, self._private / topology.name
        if self.card.contexts is not None:
            return ExistingProvider(
                topology,
                self.card.contexts,
                istioctl=stack.tools.istioctl,
                shell=shell,
                folder=folder,
                transcript=transcript,
            )
        return KindProvider(
            topology,
            owner=self.card.owner,
            stack=stack,
            shell=shell,
            folder=folder,
            state=cache_folder(),
            transcript=transcript,
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

    def kubeconfig(self, topology: Topology) -> Path:
        """Write one kubeconfig for all clusters that are up, a context named as each of them."""
        home = self._private / topology.name
        own = {name: home / name / "kubeconfig" for name in topology.names}
        return contexts.write(home / "kubeconfig", own)

    def bring_up(self, mesh: Mesh, progress: Progress, *, beforehand: Sequence[Step] = ()) -> None:
        """Bring the mesh up and record how it went.

        The steps of `beforehand` are done before anything of the mesh is in their clusters.
        Raises ProvisioningError with every cause.
        """
        if not mesh.provider.makes_clusters:
            refuse_strangers(mesh)
            # what an earlier run left has another root; it is taken away as that run would have
            self._withdraw(mesh, carrying(mesh), progress)
        todo = plan(
            mesh.topology,
            mesh.pools,
            makes_clusters=mesh.provider.makes_clusters,
            beforehand=beforehand,
        )
        performance = perform(todo, mesh, progress, abort=self._abort)
        self.journal.write(provisioned(mesh, performance))
        performance.raise_if_failed()

    def take_down(self, mesh: Mesh) -> None:
        """Delete the mesh's clusters, or take the mesh away from those of the user; record it."""
        if not mesh.provider.makes_clusters:
            self._withdraw(mesh, carrying(mesh, self.card.id), Unheard())
            return
        began = now()
        for name in mesh.topology.names:
            mesh.provider.delete(name)
        self.journal.write(ProvisionRecord(mesh.topology, "down", (), round(now() - began, 3)))

    def _withdraw(self, mesh: Mesh, clusters: Sequence[str], progress: Progress) -> None:
        if not clusters:
            return
        performance = perform(withdrawal(clusters), mesh, progress, abort=self._abort)
        self.journal.write(withdrawn(mesh, performance))
        performance.raise_if_failed("the mesh could not be taken away")

    def keeps(self, *, failed: bool) -> bool:
        """Whether meshes stay up, given whether something failed."""
        kept = {Keep.NEVER: False, Keep.ON_FAILURE: failed, Keep.ALWAYS: True}
        return self.attached or kept[self.card.keep]

    @property
    def ends_clusters(self) -> bool:
        """Whether closing it ends every cluster at once, whatever failed."""
        never = self.card.keep is Keep.NEVER and not self.attached
        return never and self.engine.ends_clusters

    def close(self, *, failed: bool) -> None:
        """End what `open` started: the engine goes, unless a mesh in it is to be kept.

        A run that was attached to goes on; of the user's own clusters no key stays behind.
        """
        if self.card.contexts is None:
            if self.attached:
                return
            if self.keeps(failed=failed):
                self.engine.keep(datetime.now(UTC) + KEPT_FOR)
                return
        self.engine.stop()
        for folder in run_folders(cache_folder(), self.card.id):
            shutil.rmtree(folder, ignore_errors=True)
        release_run(cache_folder() / "claims", self.card.id)

    @property
    def _private(self) -> Path:
        """Where kubeconfigs and keys are: not in the run's folder, which is made to be shown."""
        return cache_folder() / "runs" / self.card.id

    def _abort(self) -> None:
        for shell in self._shells:
            shell.abort()
