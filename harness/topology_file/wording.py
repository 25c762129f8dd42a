"""A sentence for each thing that pydantic finds wrong with a single key or value."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from harness.topology_file.syntax import Document, NotText, Path, Problem
from harness.topology_file.written import WrittenCluster, WrittenTopology


def near(word: str, among: Iterable[str]) -> str:
    """Return `: did you mean 'x'?` for the nearest of the known words, or nothing."""
    close = get_close_matches(word, list(among), n=1, cutoff=0.6)
    return f": did you mean '{close[0]}'?" if close else ""


def problem(error: ErrorDetails, document: Document) -> Problem:
    """Return what pydantic found, as a sentence at the place where it stands."""
    path: Path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Problem(document.key_place(path), _unknown_key(path))
    key = str(path[-1]) if path else ""
    value = error["input"]
    if path in document.keys and isinstance(value, NotText) and value.kind == "nothing":
        text = f"`{key}` has no value: give it one, or leave the key out"
        return Problem(document.key_place(path), text)
    if say := _SAYS.get(error["type"]):
        text = say(key, value, error.get("ctx", {}))
    else:
        text = f"`{key}`: {error['msg'][:1].lower()}{error['msg'][1:]}: mend this value"
    return Problem(document.place(path), text)


def _missing(key: str, _value: Any, _context: dict[str, Any]) -> str:
    out = {
        "title": "say in a few words what this topology is",
        "clusters": "list at least one, each beginning with `- name:`",
        "name": "give the cluster a name of its own",
    }
    return f"`{key}` is missing: {out[key]}"


def _pattern(key: str, value: Any, _context: dict[str, Any]) -> str:
    rule = "lower-case letters, digits and hyphens, with a letter or digit at both ends"
    return f"`{key}` is '{value}': write {rule}"


def _too_long(key: str, value: Any, context: dict[str, Any]) -> str:
    return f"`{key}` has {len(value)} characters: write {context['max_length']} at most"


def _too_short(key: str, _value: Any, _context: dict[str, Any]) -> str:
    return f"`{key}` is empty: say in a few words what this topology is"


def _not_text(key: str, value: Any, _context: dict[str, Any]) -> str:
    quoted = f'put it in quotes, "{value.source}"' if isinstance(value, NotText) else ""
    return f"`{key}` is {kind_of(value)}, not text: {quoted or 'write a word or a sentence'}"


def _none_of(key: str, value: Any, context: dict[str, Any]) -> str:
    known = context["expected"].replace(" or ", ", ")
    words = [word.strip("'") for word in known.split(", ")]
    out = (near(value, words) if isinstance(value, str) else "") or ": choose one"
    return f"`{key}` is {kind_of(value)}, which is none of {known}{out}"


def _not_a_list(key: str, value: Any, _context: dict[str, Any]) -> str:
    return f"`{key}` is {kind_of(value)}, not a list: begin each cluster with `- name:`"


def _not_keys(key: str, value: Any, _context: dict[str, Any]) -> str:
    if not key:
        return f"the file holds {kind_of(value)} at its top: begin with `title:` and `clusters:`"
    name = value if isinstance(value, str) else "…"
    return f"a cluster is {kind_of(value)}, not keys and values: write `- name: {name}`"


def _range(key: str, _value: Any, context: dict[str, Any]) -> str:
    return f"`{key}`: {context['wrong']}"


_SAYS: dict[str, Callable[[str, Any, dict[str, Any]], str]] = {
    "missing": _missing,
    "string_pattern_mismatch": _pattern,
    "string_too_long": _too_long,
    "string_too_short": _too_short,
    "string_type": _not_text,
    "enum": _none_of,
    "tuple_type": _not_a_list,
    "model_type": _not_keys,
    "range": _range,
}


def _unknown_key(path: Path) -> str:
    model = WrittenTopology if len(path) == 1 else WrittenCluster
    known = list(model.model_fields)
    hint = near(str(path[-1]), known) or ": take it out"
    return f"key '{path[-1]}' is not known{hint} (known: {', '.join(known)})"


def kind_of(value: Any) -> str:
    """Return what stands in a file in words: its text in quotes, or what else it is."""
    match value:
        case NotText(kind="nothing"):
            return "nothing"
        case NotText():
            return f"{value.source}, {value.kind}"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return f"'{value}'"
