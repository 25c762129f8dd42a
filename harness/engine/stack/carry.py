"""Carries a stack that was built to a machine that cannot build it: one file, whole or not."""

from collections.abc import Sequence
from pathlib import Path
import re
import shutil

from harness.access import Shell
from harness.engine.stack.parts import Part, fingerprints
from harness.engine.stack.store import UNFINISHED, Store
from harness.errors import CommandError, HostError, UsageError

_seconds = 1800.0
_whole = ("--sparse", "--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner")
_folder = re.compile(r"[a-z][a-z-]*-[0-9a-f]{12}")


def export(parts: Sequence[Part], store: Store, file: Path, shell: Shell) -> None:
    """Write every part to a tar file; HostError with those that are not built yet.

    Raises UsageError when the file cannot be there.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: no file can be written there: check the path")
    keys = fingerprints(parts)
    folders = {part.name: store.folder(part, keys[part.name]) for part in parts}
    missing = [name for name, folder in folders.items() if not folder.is_dir()]
    if missing:
        raise HostError(f"not built yet: {', '.join(missing)}: `meshproof images build` does it")
    unfinished = file.with_name(file.name + UNFINISHED)
    names = [folder.name for folder in folders.values()]
    try:
        shell.run(
            [
                "tar",
                "--create",
                f"--file={unfinished}",
                f"--directory={store.root}",
                *_whole,
                *names,
            ],
            timeout=_seconds,
        )
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def take_in(store: Store, file: Path, shell: Shell) -> tuple[str, ...]:
    """Put the parts of a file where builds put theirs, and return the names of those that are new.

    Raises UsageError when the file is not one that `export` wrote.
    """
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file: check the path")
    with store.building(lambda: None):
        unfinished = store.root / f"import{UNFINISHED}"
        unfinished.mkdir()
        try:
            shell.run(
                ["tar", "--extract", f"--file={file}", f"--directory={unfinished}", *_whole],
                timeout=_seconds,
            )
            found = sorted(unfinished.iterdir())
            if strangers := [each.name for each in found if not _folder.fullmatch(each.name)]:
                raise UsageError(f"{file}: not an export of meshproof: it holds {strangers[0]}")
            new = [each for each in found if not (store.root / each.name).exists()]
            for each in new:
                each.rename(store.root / each.name)
        except CommandError as problem:
            said = (problem.stderr.strip().splitlines() or ["tar could not read it"])[-1]
            raise UsageError(f"{file}: not an export of meshproof ({said})") from problem
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return tuple(each.name for each in new)
