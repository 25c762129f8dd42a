"""DockerEngine: the Docker that is already there, with a mark of ours for as long as a run lasts.

The mark is a volume that carries the owner's labels. It is made before the first cluster and
removed after the last, so what has no mark is none of ours.
"""

from datetime import datetime
import json
import os
from pathlib import Path
import re
import tarfile

from harness.access import Shell
from harness.engine import Stack
from harness.engine.owner import Owner
from harness.engine.tools import path_with
from harness.errors import CommandError

KIND_LABEL = "io.x-k8s.kind.cluster"
_brief = 60.0
_load_seconds = 900.0


def mark_name(run: str) -> str:
    """Return the name of the volume that marks a run."""
    return f"meshproof-{run}"


def cluster_prefix(run: str) -> str:
    """Return what the names of a run's kind clusters begin with."""
    return f"mp-{run}-"


class DockerEngine:
    """A Docker daemon that answers, used for the owner's run; see the protocol Engine."""

    name = "docker"
    ends_clusters = False

    def __init__(self, owner: Owner, *, shell: Shell) -> None:
        self.owner = owner
        self._shell = shell
        self._stack: Stack | None = None

    @property
    def environment(self) -> dict[str, str]:
        """DOCKER_HOST as it is, and PATH with the stack's tools first."""
        host = os.environ.get("DOCKER_HOST")
        return {"PATH": path_with(self._stack, os.environ)} | (
            {"DOCKER_HOST": host} if host else {}
        )

    def start(self, stack: Stack) -> None:
        """Mark the run, and load the node image when it was built and is not there yet."""
        self._stack = stack
        self._mark()
        try:
            if stack.node_archive is not None:
                self._load(stack.images.node, stack.node_archive)
        except BaseException:
            self.stop()
            raise

    def attach(self, stack: Stack) -> None:
        """Use what another process has started and kept."""
        self._stack = stack

    def keep(self, until: datetime) -> None:
        """Have the run outlive this process, until then."""
        self.owner = self.owner.keeping(until)
        # labels of a volume are fixed once it is made
        self._remove_mark()
        self._mark()

    def stop(self) -> None:
        """Remove what is left of the run's clusters, then its mark."""
        put_away(self._shell, self.owner.run)

    def _mark(self) -> None:
        labels = [f"--label={name}={value}" for name, value in self.owner.labels().items()]
        self._docker("volume", "create", *labels, mark_name(self.owner.run))

    def _remove_mark(self) -> None:
        self._docker("volume", "rm", "--force", mark_name(self.owner.run))

    def _load(self, image: str, archive: Path) -> None:
        there = self._shell.run(
            ["docker", "image", "inspect", "--format", "{{.Id}}", image],
            timeout=_brief,
            check=False,
        )
        if there.code != 0 or there.stdout.strip() not in image_ids(archive):
            self._docker("load", "--quiet", "--input", str(archive), timeout=_load_seconds)

    def _docker(self, *words: str, timeout: float = _brief) -> None:
        self._shell.run(["docker", *words], timeout=timeout)


def image_ids(archive: Path) -> set[str]:
    """Return the ids (`sha256:…`) of the images in an archive as `docker save` writes it."""
    with tarfile.open(archive) as tar:
        manifest = tar.extractfile("manifest.json")
        images = json.load(manifest) if manifest else []
    found = (re.search(r"[0-9a-f]{64}", image["Config"]) for image in images)
    return {f"sha256:{match.group()}" for match in found if match}


def put_away(shell: Shell, run: str) -> None:
    """Remove a run's clusters and its mark; what is gone already is no error."""
    doomed = containers(shell, run)
    if doomed:
        shell.run(["docker", "rm", "--force", "--volumes", *doomed], timeout=120)
    shell.run(["docker", "volume", "rm", "--force", mark_name(run)], timeout=_brief)


def containers(shell: Shell, run: str) -> tuple[str, ...]:
    """Return the names of the containers of a run's kind clusters."""
    listed = shell.run(
        [
            *("docker", "ps", "--all", "--filter", f"label={KIND_LABEL}"),
            *("--format", f'{{{{.Names}}}}\t{{{{.Label "{KIND_LABEL}"}}}}'),
        ],
        timeout=_brief,
    )
    rows = (line.split("\t") for line in listed.stdout.splitlines() if "\t" in line)
    return tuple(name for name, cluster in rows if cluster.startswith(cluster_prefix(run)))


def owners(shell: Shell) -> tuple[Owner, ...]:
    """Return the owners of all runs that have a mark on this Docker; none when it is not there."""
    try:
        listed = shell.run(
            ["docker", "volume", "ls", "--quiet", "--filter", "label=meshproof.run"],
            timeout=5,
            check=False,
        )
    except CommandError:  # it hangs
        return ()
    names = listed.stdout.split() if listed.code == 0 else []
    if not names:
        return ()
    inspected = shell.run(["docker", "volume", "inspect", *names], timeout=_brief, check=False)
    found = (Owner.of_labels(each.get("Labels") or {}) for each in json.loads(inspected.stdout))
    return tuple(
        owner
        for owner, name in zip(found, names, strict=False)
        if owner is not None and name == mark_name(owner.run)
    )
