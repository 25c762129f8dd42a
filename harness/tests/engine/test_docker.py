from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path

import pytest

from harness.engine import Stack, Tools
from harness.engine.docker import DockerEngine, image_ids, owners
from harness.engine.owner import Owner, State
from harness.errors import CommandError
from harness.settings import Images, Versions
from harness.tests.engine_parts import TINY, ScriptedShell, write_archive

MINE = Owner.this_process("r1")
LISTED = "mp-r1-ab-a-control-plane\tmp-r1-ab-a\nmp-r12-ab-a-x\tmp-r12-ab-a\nkind-x\tkind\n"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """Return a stack whose node image is an archive."""
    (tmp_path / "root").mkdir()
    archive = write_archive(tmp_path / "node.tar", tmp_path / "root")
    tool = tmp_path / "bin" / "kind"
    return Stack(
        Tools(tool, tool, tool, tool), Images(node=TINY), Versions(), False, None, archive, {}
    )


def test_a_run_is_marked_before_anything_else(stack: Stack) -> None:
    """Start makes a volume with the owner's labels, then loads the image."""
    shell = ScriptedShell([("docker image inspect", (1, "", "No such image"))])
    DockerEngine(MINE, shell=shell).start(stack)
    assert shell.ran[0].startswith("docker volume create --label=meshproof.run=r1 ")
    assert shell.ran[0].endswith(" meshproof-r1")
    assert shell.ran[-1] == f"docker load --quiet --input {stack.node_archive}"


def test_an_image_that_is_there_is_not_loaded_again(stack: Stack) -> None:
    """The archive's own id decides, not the tag: another image of that tag is replaced."""
    assert stack.node_archive is not None
    (known,) = image_ids(stack.node_archive)
    same = ScriptedShell([("docker image inspect", (0, f"{known}\n", ""))])
    DockerEngine(MINE, shell=same).start(stack)
    assert not any("docker load" in line for line in same.ran)
    other = ScriptedShell([("docker image inspect", (0, f"sha256:{'0' * 64}\n", ""))])
    DockerEngine(MINE, shell=other).start(stack)
    assert any("docker load" in line for line in other.ran)


def test_without_an_archive_nothing_is_loaded(stack: Stack) -> None:
    """Official images are left for kind to pull."""
    shell = ScriptedShell()
    DockerEngine(MINE, shell=shell).start(replace(stack, node_archive=None))
    assert len(shell.ran) == 1


def test_a_start_that_fails_leaves_no_mark(stack: Stack) -> None:
    """The mark is taken back when the image cannot be loaded."""
    shell = ScriptedShell(
        [("docker image inspect", (1, "", "")), ("docker load", (1, "", "no space left"))]
    )
    with pytest.raises(CommandError, match="no space left"):
        DockerEngine(MINE, shell=shell).start(stack)
    assert shell.ran[-1] == "docker volume rm --force meshproof-r1"


def test_stop_removes_the_runs_own_clusters_then_its_mark() -> None:
    """A run whose name begins alike, and clusters of others, are left alone."""
    shell = ScriptedShell([("docker ps", (0, LISTED, ""))])
    DockerEngine(MINE, shell=shell).stop()
    assert shell.ran[1:] == [
        "docker rm --force --volumes mp-r1-ab-a-control-plane",
        "docker volume rm --force meshproof-r1",
    ]


def test_keeping_a_run_renews_its_mark() -> None:
    """The new labels say that it is kept."""
    shell = ScriptedShell()
    DockerEngine(MINE, shell=shell).keep(datetime.now(UTC) + timedelta(hours=1))
    assert shell.ran[0] == "docker volume rm --force meshproof-r1"
    assert "--label=meshproof.kept=true" in shell.ran[1]


def test_owners_are_read_from_marks_alone() -> None:
    """A volume whose labels name another run than its own name is no mark."""
    volumes = [
        {"Name": "meshproof-r1", "Labels": MINE.labels()},
        {"Name": "copied", "Labels": MINE.labels()},
        {"Name": "meshproof-r2", "Labels": None},
    ]
    shell = ScriptedShell(
        [
            ("docker volume ls", (0, "meshproof-r1\ncopied\nmeshproof-r2\n", "")),
            ("docker volume inspect", (0, json.dumps(volumes), "")),
        ]
    )
    (found,) = owners(shell)
    assert (found.run, found.state()) == ("r1", State.RUNNING)


@pytest.mark.parametrize("reply", [None, (1, "", "Cannot connect to the Docker daemon")])
def test_a_docker_that_does_not_answer_has_no_owners(reply: tuple[int, str, str] | None) -> None:
    """Neither a hanging daemon nor an absent one stops a sweep."""
    assert owners(ScriptedShell([("docker volume ls", reply)])) == ()


def test_the_environment_puts_the_stacks_tools_first(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PATH begins with the tools' folder, once, however often it is taken; DOCKER_HOST stays."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.1:2375")
    engine = DockerEngine(MINE, shell=ScriptedShell())
    engine.attach(stack)
    wanted = f"{stack.tools.kind.parent}:/usr/bin:/bin"
    assert engine.environment == {"PATH": wanted, "DOCKER_HOST": "tcp://10.0.0.1:2375"}
    monkeypatch.setenv("PATH", wanted)
    assert engine.environment["PATH"] == wanted
