"""The docker engine on a real daemon: a private one stands for the host's own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path

import pytest

from harness.drivers.shell import LocalShell
from harness.engine import Stack
from harness.engine.choose import choose
from harness.engine.docker import KIND_LABEL, DockerEngine, owners
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.owner import Owner, State
from harness.engine.sweep import Sweep
from harness.patience import now
from harness.tests.engine_parts import TINY, tiny_stack

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder on a short path."""
    return tmp_path_factory.mktemp("docker")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Stack:
    """Return a stack with a tiny image in place of a node."""
    (folder / "stack").mkdir()
    return tiny_stack(folder / "stack", LocalShell())


@pytest.fixture(scope="module")
def host(folder: Path, stack: Stack) -> Iterator[Mapping[str, str]]:
    """Return the environment of a Docker that answers."""
    owner = Owner.this_process(f"host{os.getpid()}")
    private = EmbeddedEngine(owner, cache=folder, shell=LocalShell())
    private.start(stack)
    yield private.environment
    private.stop()


@pytest.fixture
def shell(host: Mapping[str, str]) -> LocalShell:
    """Return a shell whose docker speaks to that Docker."""
    return LocalShell(environment=host)


def _volumes(shell: LocalShell) -> list[str]:
    return shell.run(["docker", "volume", "ls", "--quiet"], timeout=10).stdout.split()


def _node(shell: LocalShell, cluster: str) -> None:
    argv = ["docker", "run", "--detach", "--name", f"{cluster}-control-plane"]
    shell.run([*argv, "--label", f"{KIND_LABEL}={cluster}", TINY, "sleep", "1000"], timeout=20)


def _nodes(shell: LocalShell) -> set[str]:
    argv = ["docker", "ps", "--all", "--format", "{{.Names}}"]
    return set(shell.run(argv, timeout=10).stdout.split())


def test_a_run_leaves_nothing_and_touches_nothing(shell: LocalShell, stack: Stack) -> None:
    """After stop the mark and the run's nodes are gone, a bystander's cluster is there."""
    shell.run(["docker", "image", "rm", TINY], timeout=20)
    engine = DockerEngine(Owner.this_process("one"), shell=shell)
    engine.start(stack)
    for cluster in ("mp-one-ab-cluster1", "mp-ones-ab-cluster1", "mp"):
        _node(shell, cluster)
    (owner,) = owners(shell)
    assert (owner.run, owner.state()) == ("one", State.RUNNING)
    engine.keep(datetime.now(UTC) + timedelta(hours=1))
    (owner,) = owners(shell)
    assert owner.state() is State.KEPT
    engine.stop()
    engine.stop()
    assert _volumes(shell) == []
    assert _nodes(shell) == {"mp-ones-ab-cluster1-control-plane", "mp-control-plane"}
    shell.run(["docker", "rm", "--force", *_nodes(shell)], timeout=20)


def test_an_image_is_loaded_once(shell: LocalShell, stack: Stack) -> None:
    """The id in the archive is the id that Docker knows it by, so a second start loads nothing."""
    told: list[str] = []

    class Listening(LocalShell):
        """A real shell that notes what it ran."""

        def run(self, argv, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
            """Note and run."""
            told.append(" ".join(argv))
            return super().run(argv, **more)

    for name in ("two", "three"):
        engine = DockerEngine(
            Owner.this_process(name), shell=Listening(environment=shell.environment)
        )
        engine.start(stack)
        engine.stop()
    assert not any(line.startswith("docker load") for line in told)


def test_what_a_killed_run_left_is_swept(shell: LocalShell, stack: Stack, folder: Path) -> None:
    """A run whose process is gone is put away with its nodes and files; others stay."""
    dead = replace(Owner.this_process("dead"), started=0.0)
    living = DockerEngine(Owner.this_process("living"), shell=shell)
    living.start(stack)
    DockerEngine(dead, shell=shell).start(stack)
    _node(shell, "mp-dead-ab-cluster1")
    _node(shell, "mp-living-ab-cluster1")
    keys = folder / "runs" / "dead"
    keys.mkdir(parents=True)
    gone = Sweep(cache=folder, shell=shell).put_away_abandoned()
    assert [each.run for each in gone] == ["dead"]
    assert "container mp-dead-ab-cluster1-control-plane" in gone[0].holds
    assert not keys.exists()
    assert _volumes(shell) == ["meshproof-living"]
    assert _nodes(shell) == {"mp-living-ab-cluster1-control-plane"}
    living.stop()
    assert _nodes(shell) == set()


def test_a_docker_without_a_way_out_gets_built_images(
    shell: LocalShell, host: Mapping[str, str]
) -> None:
    """The daemon itself is asked to pull; its refusal is the reason."""
    began = now()
    choice = choose(shell, node_image="kindest/node:v0.0.0", environment={**os.environ, **host})
    assert (choice.engine, choice.images) == ("docker", "built")
    assert choice.images_reason.startswith("Docker cannot pull kindest/node:v0.0.0: ")
    assert now() - began < 60
    assert choose(shell, node_image=TINY, environment={**os.environ, **host}).images == "upstream"
