"""What older Corefiles say and today's CoreDNS refuses, so that it is known before it is written.

With `reload` a refused Corefile changes nothing at first: the old one keeps serving, and the next
restart takes the cluster's DNS away.
"""

from collections.abc import Iterator

from harness.corefile.blocks import blocks
from harness.corefile.lexer import Word, position

_DIRECTIVES = {"proxy": "1.5.0", "federation": "1.7.0"}
_PROPERTIES = {
    ("kubernetes", "upstream"): "1.7.0",
    ("kubernetes", "resyncperiod"): "1.7.0",
    ("kubernetes", "transfer"): "1.8.0",
}
_INSTEAD = {"proxy": "write `forward`", "transfer": "write a `transfer` block of its own"}


def refused(corefile: str) -> tuple[str, ...]:
    """Return a sentence for each word that CoreDNS no longer takes, with where it stands."""
    return tuple(
        f"{position(corefile, word.start)}: {what} is refused by CoreDNS since {since}: "
        + _INSTEAD.get(word.text, "take it out")
        for word, what, since in _found(corefile)
    )


def _found(corefile: str) -> Iterator[tuple[Word, str, str]]:
    for block in blocks(corefile):
        for directive in block.directives:
            name = directive.name.text
            if since := _DIRECTIVES.get(name):
                yield directive.name, f"'{name}'", since
            for each in directive.properties:
                if since := _PROPERTIES.get((name, each.text)):
                    yield each, f"'{each.text}' in '{name}'", since
