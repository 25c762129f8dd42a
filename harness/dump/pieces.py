"""The pieces that a dump is made of: data.

Each says where it goes (below its cluster's folder), how many seconds it may take, how many bytes
it may have, and which end of it is kept when it has more.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

End = Literal["head", "tail"]


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects of some kinds: `FILE.yaml`, and `FILE.txt` as a list."""

    file: str
    kinds: tuple[str, ...]
    namespaces: tuple[str, ...] = ()
    """Of which namespaces; of the whole cluster when none is named."""
    named: str = ""
    """What their names hold, if not all are wanted."""
    seconds: ClassVar[float] = 8
    most: ClassVar[int] = 4_000_000
    keeps: ClassVar[End] = "head"


@dataclass(frozen=True, slots=True)
class Events:
    """Events of some namespaces, the latest last."""

    namespaces: tuple[str, ...]
    file: ClassVar[str] = "events.txt"
    seconds: ClassVar[float] = 8
    most: ClassVar[int] = 2_000_000
    keeps: ClassVar[End] = "tail"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Names, types and keys of all Secrets; never a value."""

    file: ClassVar[str] = "secrets.txt"
    seconds: ClassVar[float] = 8
    most: ClassVar[int] = 1_000_000
    keeps: ClassVar[End] = "head"


@dataclass(frozen=True, slots=True)
class Corefile:
    """The Corefile that the cluster's DNS has in its ConfigMap."""

    file: ClassVar[str] = "Corefile"
    seconds: ClassVar[float] = 8
    most: ClassVar[int] = 1_000_000
    keeps: ClassVar[End] = "head"


@dataclass(frozen=True, slots=True)
class Told:
    """What this cluster's istiod says: of the clusters that it watches, or of its proxies."""

    what: Literal["remote-clusters", "proxy-status"]
    seconds: ClassVar[float] = 10
    most: ClassVar[int] = 1_000_000
    keeps: ClassVar[End] = "head"

    @property
    def file(self) -> str:
        """Where it goes."""
        return f"{self.what}.txt"


@dataclass(frozen=True, slots=True)
class Log:
    """The end of a container's log; `previous` is that of the container before it restarted."""

    namespace: str
    pod: str
    container: str
    previous: bool = False
    lines: ClassVar[int] = 3000
    seconds: ClassVar[float] = 8
    most: ClassVar[int] = 1_000_000
    keeps: ClassVar[End] = "tail"

    @property
    def file(self) -> str:
        """Where it goes."""
        end = "previous.log" if self.previous else "log"
        return f"logs/{self.namespace}/{self.pod}/{self.container}.{end}"


@dataclass(frozen=True, slots=True)
class Envoy:
    """What a proxy's admin port says."""

    namespace: str
    pod: str
    path: str
    name: str
    seconds: ClassVar[float] = 10
    most: ClassVar[int] = 5_000_000
    keeps: ClassVar[End] = "head"

    @property
    def file(self) -> str:
        """Where it goes."""
        return f"proxies/{self.namespace}/{self.pod}/{self.name}"


Piece = Objects | Events | Secrets | Corefile | Told | Log | Envoy
