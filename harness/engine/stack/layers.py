"""Writes a layer of an image as a tar file: the same entries give the same bytes, always."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
import hashlib
import io
from pathlib import Path, PurePosixPath
import tarfile
from typing import IO

from harness.engine.stack.images import Copy, Entry, Folder, Link, Text, Tree

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """A file known by its content: `digest` is sha256 in hexadecimal."""

    path: Path
    digest: str
    size: int


def blob(path: Path) -> Blob:
    """Return the file with its digest."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Blob(path, digest, path.stat().st_size)


def write_layer(entries: Iterable[Entry], find: Callable[[str], Path], path: Path) -> Blob:
    """Write the entries, sorted, owned by root and without a date, and every folder above them.

    `find` turns a source into the file or folder of this machine.
    """
    members: dict[str, Text | Copy | Link | Folder] = {}
    for entry in entries:
        for single in _singles(entry, find):
            members[single.path.strip("/")] = single
    for name in tuple(members):
        for parent in PurePosixPath(name).parents:
            if str(parent) != ".":
                members.setdefault(str(parent), Folder(str(parent)))
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(members):
            _add(archive, name, members[name], find)
    return blob(path)


def _singles(entry: Entry, find: Callable[[str], Path]) -> Iterable[Text | Copy | Link | Folder]:
    if not isinstance(entry, Tree):
        yield entry
        return
    folder = find(entry.source)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            inside = file.relative_to(folder).as_posix()
            mode = 0o755 if inside.startswith(entry.programs) else 0o644
            yield Copy(f"{entry.path.rstrip('/')}/{inside}", f"{entry.source}/{inside}", mode)


def member(name: str, *, size: int = 0, mode: int = 0o644) -> tarfile.TarInfo:
    """Return a tar header that says nothing of when and by whom it was made."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, mode, 0
    return info


def _add(
    archive: tarfile.TarFile,
    name: str,
    entry: Text | Copy | Link | Folder,
    find: Callable[[str], Path],
) -> None:
    match entry:
        case Text():
            content = entry.text.encode()
            archive.addfile(member(name, size=len(content), mode=entry.mode), io.BytesIO(content))
        case Copy():
            add_file(archive, member(name, mode=entry.mode), find(entry.source))
        case Link():
            info = member(name, mode=0o777)
            info.type, info.linkname = tarfile.SYMTYPE, entry.target
            archive.addfile(info)
        case Folder():
            info = member(name, mode=0o755)
            info.type = tarfile.DIRTYPE
            archive.addfile(info)


def add_file(archive: tarfile.TarFile, info: tarfile.TarInfo, path: Path) -> None:
    """Add a file of this machine under the given header."""
    info.size = path.stat().st_size
    with path.open("rb", buffering=CHUNK) as content:
        stream: IO[bytes] = content
        archive.addfile(info, stream)
