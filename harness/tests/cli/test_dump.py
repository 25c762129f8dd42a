from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.engine.owner import Owner
from harness.engine.sweep import Leftover
from harness.tests.cli.conftest import Say
from harness.tests.fakes import FakeMesh, fake_mesh
from harness.tests.topologies import primary_remote
from harness.topology import Topology

CONTEXTS = ("--context", "cluster1=a", "--context", "cluster2=b")


class FakeRun:
    """A run with a mesh of fakes; it knows how often it was closed."""

    def __init__(self, account: Path, fakes: FakeMesh) -> None:
        self.account, self._fakes = account, fakes
        self.closed = 0

    def mesh(self, topology: Topology) -> Any:
        """Return the mesh of fakes, which must be of this topology."""
        assert topology.name == self._fakes.mesh.topology.name
        return self._fakes.mesh

    def close(self, *, failed: bool) -> None:
        """Count it."""
        assert not failed
        self.closed += 1


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRun]:
    """Have one mesh that is up and kept, and clusters of the user."""
    run = FakeRun(tmp_path / "account", fake_mesh(primary_remote()))
    owner = Owner.this_process("r1").keeping(datetime.now(UTC) + timedelta(hours=1))
    there = (Leftover("r1", "embedded", owner, ("process 1",)),)
    monkeypatch.setattr("harness.cli.standing.leftovers", lambda _shell: there)
    card = SimpleNamespace(id="r1", reproduces=primary_remote())
    monkeypatch.setattr("harness.cli.standing._card", lambda _run: card)
    monkeypatch.setattr("harness.run.Run.attach", lambda _name, *, apart: run if apart else None)
    monkeypatch.setattr("harness.outside.outside", lambda *_args, **_more: run)
    yield run
    assert run.closed == 1


def test_the_mesh_that_is_up_is_dumped(say: Say, opened: FakeRun) -> None:
    """It says where that lies; nothing has to be named when there is only one."""
    said = say("dump")

    folder = opened.account / "primary-remote" / "dump"
    assert 0 == said.code
    assert said.out.startswith(f"{folder}: 0.0 MB in ")
    assert (folder / "README.md").is_file()


def test_what_is_missing_is_told(say: Say, opened: FakeRun, tmp_path: Path) -> None:
    """The folder may be chosen; fakes have no Corefile."""
    said = say("dump", "--into", str(tmp_path / "why"))

    assert (tmp_path / "why" / "index.json").is_file()
    assert not opened.account.exists()
    assert "  missing or cut: east/Corefile: " in said.out


def test_clusters_of_the_user_are_named_by_context(say: Say, opened: FakeRun) -> None:
    """What was opened for it is closed: no key of theirs stays."""
    said = say("dump", "-t", "primary-remote", *CONTEXTS)

    assert 0 == said.code
    assert (opened.account / "primary-remote" / "dump" / "index.json").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "no mesh is up"),
        (CONTEXTS, "by --topology"),
        ((*CONTEXTS, "--run", "r1"), "take one of them"),
        ((*CONTEXTS, "-t", "nowhere"), "nowhere"),
        (("--dump", "no"), "--dump"),
    ],
)
def test_what_cannot_be_is_a_wrong_usage(say: Say, words: tuple[str, ...], told: str) -> None:
    """With the way out."""
    said = say("dump", *words)

    assert 4 == said.code
    assert told in said.err
