"""Chooses where kind runs and whose images it uses, and says why, in one line each.

Two choices that do not depend on each other, but for one: the embedded engine has no way out, so
there is nowhere it could pull an image from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
import shutil
from typing import Literal

from harness.access import Shell
from harness.engine import Engine
from harness.engine.docker import DockerEngine
from harness.engine.embedded.engine import EmbeddedEngine
from harness.engine.existing import NoEngine
from harness.engine.owner import Owner
from harness.errors import CommandError, UsageError

EngineName = Literal["docker", "embedded", "existing"]
ImagesName = Literal["upstream", "built", "existing"]
"""`existing` is never chosen: it says that the clusters are the user's own."""

ANSWER_SECONDS = 5.0
PULL_SECONDS = 300.0
_default_socket = "/var/run/docker.sock"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which engine and which images, and why."""

    engine: EngineName
    images: ImagesName
    engine_reason: str
    images_reason: str

    @property
    def lines(self) -> tuple[str, str]:
        """One line about each, as a run begins with them."""
        return (
            f"engine: {self.engine} ({self.engine_reason})",
            f"images: {self.images} ({self.images_reason})",
        )


def choose(
    shell: Shell,
    *,
    node_image: str,
    environment: Mapping[str, str],
    engine: str | None = None,
    images: str | None = None,
) -> Choice:
    """Choose as asked by option, else by MESHPROOF_ENGINE and MESHPROOF_IMAGES, else by looking.

    `node_image` is the official image of a kind node: where Docker has it or can pull it, official
    images are to be had. Raises UsageError for words that mean nothing and for embedded with
    upstream.
    """
    wanted_engine, engine_source = _asked("engine", engine, environment)
    wanted_images, images_source = _asked("images", images, environment)
    problems = [
        f"{what} {word!r}: not one of {', '.join(words)}"
        for what, word, words in (
            (engine_source, wanted_engine, ("auto", "docker", "embedded")),
            (images_source, wanted_images, ("auto", "upstream", "built")),
        )
        if word not in words
    ]
    if wanted_engine == "embedded" and wanted_images == "upstream":
        problems.append(
            f"{images_source} upstream with {engine_source} embedded: an embedded engine reaches "
            "no registry; take images `built` or engine `docker`"
        )
    if problems:
        raise UsageError(*problems)

    found, why = _engine(shell, wanted_engine, engine_source, environment)
    if found == "embedded" and wanted_images == "upstream":
        raise UsageError(
            f"{images_source} upstream: they need a Docker daemon, but {why}; "
            "start Docker or take images `built`"
        )
    carried, because = _images(shell, wanted_images, images_source, found, node_image)
    return Choice(found, carried, engine_reason=why, images_reason=because)


def make_engine(choice: Choice, owner: Owner, *, cache: Path, shell: Shell) -> Engine:
    """Return the engine that was chosen, for the owner's run; it is not started."""
    if choice.engine == "embedded":
        return EmbeddedEngine(owner, cache=cache, shell=shell)
    return DockerEngine(owner, shell=shell) if choice.engine == "docker" else NoEngine()


def docker_problem(shell: Shell, environment: Mapping[str, str]) -> str:
    """Return why no Docker daemon can be used, in words; empty when one answers within 5 s."""
    place = environment.get("DOCKER_HOST") or _default_socket
    if shutil.which("docker", path=environment.get("PATH")) is None:
        return "there is no docker on PATH"
    try:
        answer = shell.run(
            ["docker", "info", "--format", "{{.ServerVersion}}"],
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except CommandError:
        return f"the Docker daemon at {place} did not answer within {ANSWER_SECONDS:.0f} s"
    if answer.code == 0 and answer.stdout.strip():
        return ""
    said = answer.stderr.strip()
    if "permission denied" in said.lower():
        return f"the Docker daemon at {place} refuses this user"
    return f"no Docker daemon answers at {place}"


def _asked(name: str, option: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    variable = f"MESHPROOF_{name.upper()}"
    if option is not None:
        return option, f"--{name}"
    return environment.get(variable) or "auto", variable


def _engine(
    shell: Shell, wanted: str, source: str, environment: Mapping[str, str]
) -> tuple[EngineName, str]:
    match wanted:
        case "docker":
            return "docker", f"asked for by {source}"
        case "embedded":
            return "embedded", f"asked for by {source}"
        case _:
            problem = docker_problem(shell, environment)
            return ("embedded", problem) if problem else ("docker", "a Docker daemon answers")


def _images(
    shell: Shell, wanted: str, source: str, engine: EngineName, node_image: str
) -> tuple[ImagesName, str]:
    if wanted == "upstream":
        return "upstream", f"asked for by {source}"
    if wanted == "built":
        return "built", f"asked for by {source}"
    if engine == "embedded":
        return "built", "the embedded engine reaches no registry"
    there = shell.run(["docker", "image", "inspect", node_image], timeout=30, check=False)
    if there.code == 0:
        return "upstream", f"Docker has {node_image}"
    try:
        shell.run(["docker", "pull", "--quiet", node_image], timeout=PULL_SECONDS)
    except CommandError as problem:
        said = problem.stderr.strip().splitlines()
        why = said[-1] if said and problem.code is not None else f"not in {PULL_SECONDS:.0f} s"
        return "built", f"Docker cannot pull {node_image}: {why}"
    return "upstream", f"Docker pulled {node_image}"
