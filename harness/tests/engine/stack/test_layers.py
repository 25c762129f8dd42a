from collections.abc import Callable
import hashlib
import os
from pathlib import Path
import tarfile

import pytest

from harness.engine.stack.images import Copy, Entry, Folder, Link, Text, Tree
from harness.engine.stack.layers import write_layer

ENTRIES: tuple[Entry, ...] = (
    Text("/etc/words", "hello", mode=0o600),
    Copy("/usr/bin/program", "part/program"),
    Link("/usr/bin/alias", "program"),
    Folder("/var/empty"),
    Tree("/", "part/files", programs=("sbin/",)),
)


@pytest.fixture
def find(tmp_path: Path) -> Callable[[str], Path]:
    """Files of a part on this machine."""
    files = tmp_path / "part" / "files"
    (files / "sbin").mkdir(parents=True)
    (files / "sbin" / "run").write_text("#!/bin/sh")
    (files / "readme").write_text("read")
    (tmp_path / "part" / "program").write_bytes(b"\x7fELF")
    return lambda source: tmp_path / source


def _members(path: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(path) as archive:
        return {info.name: info for info in archive}


def test_a_layer_holds_its_entries(tmp_path: Path, find: Callable[[str], Path]) -> None:
    """Each entry is there with its kind, mode and content."""
    path = tmp_path / "layer.tar"
    write_layer(ENTRIES, find, path)
    members = _members(path)
    assert members["etc/words"].mode == 0o600
    assert members["usr/bin/program"].mode == 0o755
    assert members["usr/bin/alias"].linkname == "program"
    assert members["var/empty"].isdir()
    assert members["sbin/run"].mode == 0o755
    assert members["readme"].mode == 0o644
    with tarfile.open(path) as archive:
        content = archive.extractfile("etc/words")
        assert content is not None
        assert content.read() == b"hello"


def test_folders_come_before_what_is_in_them(tmp_path: Path, find: Callable[[str], Path]) -> None:
    """Every folder above a file is in the layer, before the file, open to everyone."""
    path = tmp_path / "layer.tar"
    write_layer(ENTRIES, find, path)
    names = list(_members(path))
    assert names == sorted(names)
    assert {"etc", "usr", "usr/bin", "var"} <= set(names)
    assert _members(path)["usr/bin"].mode == 0o755


def test_nothing_says_when_and_by_whom(tmp_path: Path, find: Callable[[str], Path]) -> None:
    """Members belong to root and carry no date."""
    path = tmp_path / "layer.tar"
    write_layer(ENTRIES, find, path)
    for info in _members(path).values():
        assert (info.uid, info.gid, info.mtime, info.uname) == (0, 0, 0, "")


def test_the_same_entries_give_the_same_bytes(tmp_path: Path, find: Callable[[str], Path]) -> None:
    """A layer depends neither on the order of entries nor on dates of files."""
    first = write_layer(ENTRIES, find, tmp_path / "first.tar")
    os.utime(tmp_path / "part" / "program", (1, 1))
    second = write_layer(ENTRIES[::-1], find, tmp_path / "second.tar")
    assert (first.digest, first.size) == (second.digest, second.size)
    assert first.digest == hashlib.sha256((tmp_path / "first.tar").read_bytes()).hexdigest()


def test_the_later_entry_counts(tmp_path: Path, find: Callable[[str], Path]) -> None:
    """Of two entries with one path the later one is in the layer, once."""
    path = tmp_path / "layer.tar"
    write_layer((Text("/a", "first"), Text("/a", "second")), find, path)
    with tarfile.open(path) as archive:
        assert archive.getnames() == ["a"]
        content = archive.extractfile("a")
        assert content is not None
        assert content.read() == b"second"
