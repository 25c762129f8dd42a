"""A matrix by its file: versions and topologies, each problem at the place where it stands."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.errors import UsageError
from harness.matrix_file.matrix import Matrix, Subject
from harness.matrix_file.wording import KEYS, problem
from harness.matrix_file.written import WrittenMatrix
from harness.topology_file import find, known
from harness.topology_file.source import refused, text_of
from harness.topology_file.syntax import Document, Problem, read

At = tuple[str | int, ...]


def load(path: Path) -> Matrix:
    """Return the matrix in the file; raises UsageError with every problem there is in it.

    Topologies that are files are looked for beside the matrix.
    """
    document = read(text_of(path, kind="matrix"), kind="matrix", keys=KEYS)
    problems = list(document.problems)
    subjects: dict[int, Subject] = {}
    if document.value is not None:
        broken = dict(_misfits(document))
        problems += broken.values()
        versions = {at: word for at, word in _entries(document, "istio") if at not in broken}
        problems += _twice(document, versions, lambda version: f"version {version}")
        for at, word in _entries(document, "topologies"):
            if at in broken:
                continue
            try:
                subjects[int(at[-1])] = _subject(word, path.parent)
            except UsageError as error:
                problems += (Problem(document.place(at), each) for each in error.problems)
        named: dict[At, str] = {
            ("topologies", at): each.topology.name for at, each in subjects.items()
        }
        problems += _twice(document, named, lambda name: f"topology '{name}'")
    if problems:
        raise refused(path, problems)
    written = WrittenMatrix.model_validate(document.value)
    chosen = tuple(subjects.values()) or tuple(_subject(each.stem, path.parent) for each in known())
    return Matrix(title=written.title, istio=written.istio, subjects=chosen)


def _misfits(document: Document) -> Iterator[tuple[At, Problem]]:
    try:
        WrittenMatrix.model_validate(document.value)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            yield each["loc"], problem(each, document)
    top = document.value if isinstance(document.value, dict) else {}
    for key, out in (("istio", ""), ("topologies", ", or leave the key out for every shipped one")):
        if top.get(key) == []:
            text = f"`{key}` is an empty list: name at least one{out}"
            yield (key,), Problem(document.place((key,)), text)


def _entries(document: Document, key: str) -> Iterator[tuple[At, Any]]:
    entries = document.value.get(key) if isinstance(document.value, dict) else None
    if isinstance(entries, list):
        yield from (((key, at), entry) for at, entry in enumerate(entries))


def _twice(
    document: Document, entries: dict[At, str], told: Callable[[str], str]
) -> Iterator[Problem]:
    first: dict[str, At] = {}
    for at, word in entries.items():
        if word in first:
            line = document.place(first[word]).line
            text = f"{told(word)} stands already in line {line}: keep one of them"
            yield Problem(document.place(at), text)
        first.setdefault(word, at)


def _subject(word: str, folder: Path) -> Subject:
    if word in {each.stem for each in known()}:
        return Subject(topology=find(word), named=word)
    file = folder / word
    if file.suffix in (".yaml", ".yml") or len(Path(word).parts) > 1 or file.is_file():
        return Subject(topology=find(str(file)), named=str(file.absolute()))
    raise UsageError(*_unknown(word))


def _unknown(word: str) -> tuple[str, ...]:
    try:
        find(word)
    except UsageError as error:
        return error.problems
    return (f"topology '{word}' is a file elsewhere: write its path from here",)
