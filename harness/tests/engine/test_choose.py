from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.engine.choose import Choice, choose, make_engine
from harness.engine.docker import DockerEngine
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.owner import Owner
from harness.errors import UsageError
from harness.tests.engine_parts import ScriptedShell

NODE = "kindest/node:v1.34.4"
ANSWERS = ("docker info", (0, "28.2.2\n", ""))
SILENT = ("docker info", (1, "\n", "Cannot connect to the Docker daemon at unix:///x.sock."))
UNKNOWN_IMAGE = ("docker image inspect", (1, "", "No such image"))


@pytest.fixture
def path(tmp_path: Path) -> Mapping[str, str]:
    """Return an environment whose PATH holds a docker."""
    (tmp_path / "docker").write_text("#!/bin/sh\n")
    (tmp_path / "docker").chmod(0o755)
    return {"PATH": str(tmp_path)}


def _choose(shell: ScriptedShell, environment: Mapping[str, str], **asked: str) -> Choice:
    return choose(shell, node_image=NODE, environment=environment, **asked)


def test_without_a_docker_program_the_engine_is_embedded() -> None:
    """Nothing is run where there is no docker on PATH, and both lines say why."""
    shell = ScriptedShell()
    assert _choose(shell, {"PATH": "/nowhere"}).lines == (
        "engine: embedded (there is no docker on PATH)",
        "images: built (the embedded engine reaches no registry)",
    )
    assert shell.ran == []


def test_without_a_daemon_the_engine_is_embedded(path: Mapping[str, str]) -> None:
    """A client whose daemon does not answer makes the choice embedded and built."""
    choice = _choose(ScriptedShell([SILENT]), path)
    assert (choice.engine, choice.images) == ("embedded", "built")
    assert choice.engine_reason == "no Docker daemon answers at /var/run/docker.sock"


def test_a_daemon_that_hangs_does_not_count(path: Mapping[str, str]) -> None:
    """A daemon that gives no answer in time is none, and the line names where it was asked."""
    choice = _choose(
        ScriptedShell([("docker info", None)]), {**path, "DOCKER_HOST": "tcp://10.0.0.1:2375"}
    )
    assert choice.lines[0] == (
        "engine: embedded (the Docker daemon at tcp://10.0.0.1:2375 did not answer within 5 s)"
    )


def test_a_daemon_that_refuses_this_user_is_told_apart(path: Mapping[str, str]) -> None:
    """Missing permission is named as such."""
    refused = ("docker info", (1, "", "dial unix /var/run/docker.sock: permission denied"))
    assert "refuses this user" in _choose(ScriptedShell([refused]), path).engine_reason


def test_a_daemon_with_the_image_runs_official_images(path: Mapping[str, str]) -> None:
    """Where Docker has the node image, nothing is pulled."""
    shell = ScriptedShell([ANSWERS])
    assert _choose(shell, path).lines == (
        "engine: docker (a Docker daemon answers)",
        f"images: upstream (Docker has {NODE})",
    )
    assert not any("pull" in line for line in shell.ran)


def test_a_daemon_that_can_pull_runs_official_images(path: Mapping[str, str]) -> None:
    """Where the daemon pulls the node image in time, official images are taken."""
    choice = _choose(ScriptedShell([ANSWERS, UNKNOWN_IMAGE]), path)
    assert choice.lines[1] == f"images: upstream (Docker pulled {NODE})"


@pytest.mark.parametrize(
    ("pull", "why"),
    [
        ((1, "", "Using default\nError: lookup registry: no such host"), "no such host"),
        (None, "not in 300 s"),
    ],
)
def test_a_daemon_that_cannot_pull_runs_built_images(
    path: Mapping[str, str], pull: tuple[int, str, str] | None, why: str
) -> None:
    """Where the daemon cannot pull, images are built, and its last words say why."""
    choice = _choose(ScriptedShell([ANSWERS, UNKNOWN_IMAGE, ("docker pull", pull)]), path)
    assert (choice.engine, choice.images) == ("docker", "built")
    assert choice.images_reason.startswith(f"Docker cannot pull {NODE}: ")
    assert why in choice.images_reason


def test_an_option_outranks_the_environment(path: Mapping[str, str]) -> None:
    """What is asked for is taken unlooked at, by option before variable."""
    shell = ScriptedShell()
    choice = _choose(
        shell,
        {**path, "MESHPROOF_ENGINE": "embedded", "MESHPROOF_IMAGES": "built"},
        engine="docker",
    )
    assert choice.lines == (
        "engine: docker (asked for by --engine)",
        "images: built (asked for by MESHPROOF_IMAGES)",
    )
    assert shell.ran == []


def test_every_word_that_means_nothing_is_named() -> None:
    """Both wrong words are told at once, with the right ones."""
    with pytest.raises(UsageError) as caught:
        _choose(ScriptedShell(), {"MESHPROOF_IMAGES": "mine"}, engine="podman")
    assert caught.value.problems == (
        "--engine 'podman': not one of auto, docker, embedded",
        "MESHPROOF_IMAGES 'mine': not one of auto, upstream, built",
    )


def test_official_images_need_a_way_out(path: Mapping[str, str]) -> None:
    """Upstream is refused for the embedded engine, whether asked for or found."""
    with pytest.raises(UsageError, match="reaches no registry"):
        _choose(ScriptedShell(), path, engine="embedded", images="upstream")
    with pytest.raises(UsageError, match="they need a Docker daemon"):
        _choose(ScriptedShell([SILENT]), path, images="upstream")


def test_the_choice_makes_its_engine(tmp_path: Path) -> None:
    """Each name has its engine."""
    owner, shell = Owner.this_process("r1"), ScriptedShell()
    embedded = Choice("embedded", "built", "", "")
    docker = Choice("docker", "upstream", "", "")
    assert isinstance(make_engine(embedded, owner, cache=tmp_path, shell=shell), EmbeddedEngine)
    assert isinstance(make_engine(docker, owner, cache=tmp_path, shell=shell), DockerEngine)
