"""Where kind runs: a Docker that is already there, or a private one; official images or built ones.

`choose.py` decides between them and says so in one line each; `preflight.py` says what is missing.
`embedded/` starts and ends a private dockerd in a network namespace without a way out;
`stack/` builds, once, tools and images from package registries.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from harness.settings import Images, Versions


@dataclass(frozen=True, slots=True)
class Tools:
    """Programs and files that every engine needs, each an absolute path."""

    kind: Path
    kubectl: Path
    istioctl: Path
    metallb: Path
    """MetalLB's native manifest (YAML)."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Tools and images, ready to use.

    `containerd_root` is a containerd root with every image unpacked, of which each node gets a
    hard-link clone as its /var/lib/containerd; None when nodes pull their images. `node_archive`
    is the node image as `docker load` takes it; None when Docker pulls it. `digests` maps an image
    reference to its `sha256:` digest.
    """

    tools: Tools
    images: Images
    versions: Versions
    upstream_envoy: bool
    containerd_root: Path | None
    node_archive: Path | None
    digests: dict[str, str]


class Engine(Protocol):
    """A Docker daemon for kind's use, there from `start` to `stop`."""

    name: str
    """`docker` or `embedded`."""
    ends_clusters: bool
    """Whether `stop` ends all clusters at once: then none need be deleted before it."""

    @property
    def environment(self) -> dict[str, str]:
        """What docker and kind need in their environment: DOCKER_HOST, PATH."""
        ...

    def start(self, stack: Stack) -> None:
        """Bring it up, enter its network namespace if it has one, and make the node image known."""
        ...

    def attach(self, stack: Stack) -> None:
        """Use what another process has started and kept, entering its namespace if it has one."""
        ...

    def keep(self, until: datetime) -> None:
        """Have it outlive this process, until then."""
        ...

    def stop(self) -> None:
        """Put away all that `start` made; doing it twice is harmless."""
        ...
