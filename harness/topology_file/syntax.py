"""YAML to plain values, remembering the line and column of every key and value.

Only the structure is looked at here: what the keys mean is for `written` and `rules`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Path = tuple[str | int, ...]
"""Keys and list indices from the top of the file."""

_KEYS = "`title:` and `clusters:`"
_CORE = "tag:yaml.org,2002:"
_KINDS = {
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "timestamp": "a date",
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, where, and the way out."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class NotText:
    """A scalar that YAML takes for something other than text: its source, and what kind it is."""

    source: str
    kind: str


@dataclass(slots=True)
class Document:
    """A file's values, where each of them and each key stood, and what is wrong with its form."""

    value: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """Return where the value stands, or what encloses it when nobody wrote it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def key_place(self, path: Path) -> Place:
        """Return where the key stands, or the value when it has none."""
        return self.keys.get(path) or self.place(path)


def read(text: str, *, kind: str = "topology", keys: str = _KEYS) -> Document:
    """Return the text's values; what YAML itself refuses is a problem of the document.

    `kind` is what the file is to hold, `keys` the words of those that it must have.
    """
    document = Document()
    try:
        top = YAML(typ="safe", pure=True).compose(text)
        if top is None or (isinstance(top, ScalarNode) and top.tag == f"{_CORE}null"):
            document.problems.append(Problem(Place(1, 1), f"the file is empty: write {keys}"))
        else:
            document.value = _Walk(document).plain(top, ())
    except YAMLError as error:
        document.problems.append(_refused(error, text, kind))
    except RecursionError:
        words = f"lists or mappings are nested too deep: a {kind} needs three levels at most"
        document.problems.append(Problem(Place(1, 1), words))
    return document


_ENDLESS = "an alias stands within its own anchor"


@dataclass(slots=True)
class _Walk:
    document: Document
    open: set[int] = field(default_factory=set)

    def plain(self, node: Node, path: Path) -> Any:
        place = _place(node)
        self.document.values.setdefault(path, place)
        if id(node) in self.open:
            raise ComposerError(problem=_ENDLESS, problem_mark=node.start_mark)
        self.open.add(id(node))
        try:
            match node:
                case MappingNode():
                    return dict(self._items(node, path))
                case SequenceNode():
                    return [self.plain(each, (*path, at)) for at, each in enumerate(node.value)]
                case _:
                    return _scalar(node)
        finally:
            self.open.discard(id(node))

    def _items(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        first: dict[str, Place] = {}
        for key, value in node.value:
            place = _place(key)
            if not isinstance(key, ScalarNode):
                self._problem(place, "a key is a list or a mapping: write a single word")
                continue
            name = str(key.value)
            if name in first:
                again = f"key '{name}' stands already in line {first[name].line}: keep one of them"
                self._problem(place, again)
                continue
            first[name] = place
            self.document.keys[*path, name] = place
            yield name, self.plain(value, (*path, name))

    def _problem(self, place: Place, text: str) -> None:
        self.document.problems.append(Problem(place, text))


def _scalar(node: Node) -> str | NotText:
    tag = str(node.tag)
    source = str(node.value)
    if tag == f"{_CORE}str":
        return source
    return NotText(source, _KINDS.get(tag.removeprefix(_CORE), f"a value with the tag {tag}"))


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def place_of(text: str, offset: int) -> Place:
    """Return the line and column of a character."""
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _refused(error: YAMLError, text: str, kind: str) -> Problem:
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        place = Place(mark.line + 1, mark.column + 1)
        said = ", ".join(filter(None, (error.context, error.problem)))
        if text[mark.index : mark.index + 1] == "\t":
            return Problem(place, "a tab: YAML is indented by spaces, so write spaces")
        if "expected a single document" in said:
            return Problem(place, f"a second document begins: write one {kind} in a file")
        return Problem(place, f"not YAML: {said}: mend the syntax here or just before")
    if isinstance(error, ReaderError):
        unwanted = f"character U+{ord(text[error.position]):04X} has no place in YAML: take it out"
        return Problem(place_of(text, error.position), unwanted)
    return Problem(Place(1, 1), f"not YAML: {error}: mend the syntax")
