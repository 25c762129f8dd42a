"""A sentence for each thing that pydantic finds wrong with a key or value of a matrix file."""

from typing import Any

from pydantic_core import ErrorDetails

from harness.matrix_file.written import WrittenMatrix
from harness.topology_file.syntax import Document, NotText, Path, Problem
from harness.topology_file.wording import kind_of, near

KEYS = "`title:` and `istio:`"
_EXAMPLE = {"istio": "istio: [1.31.1]", "topologies": "topologies: [primary-remote]"}
_MISSING = {
    "title": "say in a few words what is qualified",
    "istio": f"list the versions, as in `{_EXAMPLE['istio']}`",
}


def problem(error: ErrorDetails, document: Document) -> Problem:
    """Return what pydantic found, as a sentence at the place where it stands."""
    path: Path = error["loc"]
    value = error["input"]
    if error["type"] == "extra_forbidden":
        return Problem(document.key_place(path), _unknown_key(str(path[-1])))
    if path in document.keys and isinstance(value, NotText) and value.kind == "nothing":
        text = f"`{path[-1]}` has no value: give it one, or leave the key out"
        return Problem(document.key_place(path), text)
    return Problem(document.place(path), _said(error["type"], path, value))


def _said(kind: str, path: Path, value: Any) -> str:
    key = str(path[0]) if path else ""
    if kind == "missing":
        return f"`{key}` is missing: {_MISSING[key]}"
    if kind == "string_too_short":
        return f"`{key}` is empty: {_MISSING[key]}"
    if kind == "tuple_type":
        return f"`{key}` is {kind_of(value)}, not a list: write it as `{_EXAMPLE[key]}`"
    if not path:
        return f"the file holds {kind_of(value)} at its top: begin with {KEYS}"
    if key == "istio":
        return f"{kind_of(value)} is no version of Istio: write three numbers, such as 1.31.1"
    quoted = f'put it in quotes, "{value.source}"' if isinstance(value, NotText) else ""
    what = "a topology" if key == "topologies" else f"`{key}`"
    return f"{what} is {kind_of(value)}, not text: {quoted or 'write a word or a sentence'}"


def _unknown_key(key: str) -> str:
    known = list(WrittenMatrix.model_fields)
    hint = near(key, known) or ": take it out"
    return f"key '{key}' is not known{hint} (known: {', '.join(known)})"
