"""What a container image is made of, as data.

A file's `source` is `part/path`: a file or folder of a part of the stack. Paths in an image are
absolute and never begin with /bin, /sbin or /lib, which Debian keeps as links into /usr.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A file with these words in it."""

    path: str
    text: str
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of a part."""

    path: str
    source: str
    mode: int = 0o755


@dataclass(frozen=True, slots=True)
class Tree:
    """Every file below a folder of a part; those below one of `programs` may be executed."""

    path: str
    source: str
    programs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    path: str
    target: str


@dataclass(frozen=True, slots=True)
class Folder:
    """An empty folder."""

    path: str


Entry = Text | Copy | Tree | Link | Folder


@dataclass(frozen=True, slots=True)
class Layer:
    """Files laid over what is below; of two with the same path the later one counts."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Root:
    """A layer that is a tar file of a part already."""

    source: str


@dataclass(frozen=True, slots=True)
class Image:
    """A container image: its full reference, its layers from the ground up, and how it starts."""

    reference: str
    layers: tuple[Layer | Root, ...]
    entrypoint: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    user: str = ""
    stop_signal: str = ""
