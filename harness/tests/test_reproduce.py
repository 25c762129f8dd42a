from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
import pytest

from harness import card as card_module
from harness import reproduce as reproduce_module
from harness.card import Card, Keep, Options
from harness.errors import ExitCode, HostError, ProvisioningError
from harness.journal import Journal
from harness.mesh import Mesh
from harness.record import ProvisionRecord
from harness.reproduce import reproduce
from harness.tests.fakes import FakeProgress, fake_mesh
from harness.tests.test_card import card
from harness.tests.topologies import multi_primary, primary_remote
from harness.topology import Topology


@dataclass
class FakeEngine:
    """An engine that notes until when it is kept."""

    kept: list[datetime] = field(default_factory=list)

    def keep(self, until: datetime) -> None:
        """Note it."""
        self.kept.append(until)


@dataclass
class FakeRun:
    """A run that notes what it brings up, and fails when it is told to."""

    folder: Path
    card: Card
    attached: bool = False
    engine: FakeEngine = field(default_factory=FakeEngine)
    brought: list[str] = field(default_factory=list)
    cause: BaseException | None = None

    def mesh(self, topology: Topology) -> Mesh:
        """Return a mesh of fakes."""
        return fake_mesh(topology).mesh

    def bring_up(self, mesh: Mesh, progress: Any) -> None:
        """Note it and record it, as a run does."""
        del progress
        self.brought.append(mesh.topology.name)
        if self.cause:
            raise self.cause
        Journal(self.folder / "records").write(ProvisionRecord(mesh.topology, "up", (), 60))


@dataclass
class Checkout:
    """A checkout with its runs, the newest last."""

    runs: Path
    opened: list[FakeRun] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Runs whose engine does not answer."""
    flaws: tuple[str, ...] = ()
    cause: BaseException | None = None
    """What the next run's first attempt ends with."""
    said: list[str] = field(default_factory=list)

    def up(self, topology: Topology, **options: Any) -> FakeRun:
        """Reproduce a topology and return the run that it is in."""
        done = reproduce(topology, Options(**options), self.said.append, FakeProgress())
        run: Any = done.run
        assert bool(run.brought) == done.changed
        return run  # type: ignore[no-any-return]  # it is ours


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """Return a checkout without runs."""
    here = Checkout(tmp_path / "runs")

    def begin(options: Options, _say: Callable[[str], None]) -> FakeRun:
        assert options.keep is Keep.ALWAYS
        name = f"r{len(here.opened)}"
        written = replace(card(name), reproduces=options.reproduces)
        written.write(here.runs / name)
        here.opened.append(FakeRun(here.runs / name, written, cause=here.cause))
        return here.opened[-1]

    def attach(name: str) -> FakeRun:
        if name in here.gone:
            raise HostError(f"run {name}: its engine does not answer")
        return FakeRun(here.runs / name, Card.read(here.runs / name), attached=True)

    monkeypatch.setenv("MESHPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(card_module, "RUNS", here.runs)
    monkeypatch.setattr("harness.run.Run.open", begin)
    monkeypatch.setattr("harness.run.Run.attach", attach)
    monkeypatch.setattr(reproduce_module, "flaws", lambda _mesh: here.flaws)
    return here


def test_a_topology_is_brought_up_and_kept(checkout: Checkout) -> None:
    """In a run of its own, which says what it is for."""
    run = checkout.up(primary_remote())

    assert ["primary-remote"] == run.brought
    assert run.engine.kept
    assert primary_remote() == Card.read(run.folder).reproduces


def test_what_is_up_and_sound_is_left_alone(checkout: Checkout) -> None:
    """Asked again, nothing is done, and it is kept for longer."""
    checkout.up(primary_remote())
    again = checkout.up(primary_remote())

    assert [] == again.brought
    assert again.engine.kept
    assert 1 == len(checkout.opened)


def test_what_is_not_sound_is_completed(checkout: Checkout) -> None:
    """In the same run, and what was wrong is said."""
    checkout.up(primary_remote())
    checkout.flaws = ("east is answered by west: no",)
    again = checkout.up(primary_remote())

    assert ["primary-remote"] == again.brought
    assert "not as it should be: east is answered by west: no" in checkout.said
    assert 1 == len(checkout.opened)


@pytest.mark.parametrize(
    "cause",
    [KeyboardInterrupt(), ProvisioningError({"create east": OSError()}, exit_code=ExitCode.HOST)],
)
def test_what_was_cut_off_is_completed_by_the_next(
    checkout: Checkout, cause: BaseException
) -> None:
    """It is kept though it is not whole, and no look at it is needed to know so."""
    checkout.cause = cause
    with pytest.raises(type(cause)):
        checkout.up(primary_remote())
    assert checkout.opened[0].engine.kept
    again = checkout.up(primary_remote())

    assert "r0" == again.card.id
    assert ["primary-remote"] == again.brought


@pytest.mark.parametrize("other", ["topology", "engine", "put away"])
def test_another_mesh_gets_a_run_of_its_own(checkout: Checkout, other: str) -> None:
    """A run is come back to only for the very same topology and engine, and while it is there."""
    checkout.up(primary_remote())
    if other == "put away":
        checkout.gone.add("r0")
    topology = multi_primary() if other == "topology" else primary_remote()
    checkout.up(topology, engine="docker" if other == "engine" else None)

    assert 2 == len(checkout.opened)


def test_two_do_not_work_on_one_topology(checkout: Checkout, tmp_path: Path) -> None:
    """The second says who is in its way, and does nothing."""
    cache = tmp_path / "cache"
    cache.mkdir()
    with (
        FileLock(cache / "up-primary-remote.lock"),
        pytest.raises(HostError, match="another `meshproof up` is at work"),
    ):
        checkout.up(primary_remote())

    assert not checkout.opened
