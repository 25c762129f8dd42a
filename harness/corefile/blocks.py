"""A Corefile's server blocks: the zones they serve and the directives in them.

Source: github.com/coredns/caddy, caddyfile/parse.go, and CoreDNS, core/dnsserver/register.go.
A Corefile that CoreDNS would refuse is read as far as it goes; imported files are not looked into.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import re

from harness.corefile.lexer import Word, lex

DNS_PORT = "53"
_PORTS = {"tls": "853", "quic": "853", "grpc": "443", "https": "443", "unix": "", "dns": DNS_PORT}


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive's name, its arguments on the same line, and the properties in its braces."""

    name: Word
    args: tuple[Word, ...]
    properties: tuple[Word, ...]

    @property
    def end(self) -> int:
        """The offset behind its last argument."""
        return (self.args or (self.name,))[-1].end


@dataclass(frozen=True, slots=True)
class Block:
    """A server block or a snippet: its keys, its opening brace if it has one, its directives."""

    keys: tuple[Word, ...]
    brace: Word | None
    directives: tuple[Directive, ...]

    def serves(self, zone: str) -> bool:
        """Whether one of its keys is the zone over plain DNS on port 53."""
        wanted = ("dns", zone.rstrip(".").lower(), DNS_PORT)
        return any(_address(key.text) == wanted for key in self.keys)


def blocks(corefile: str) -> Iterator[Block]:
    """Yield the blocks in the order in which they stand."""
    words = [each for each in lex(corefile) if isinstance(each, Word)]
    at = 0
    while at < len(words):
        keys, at = _keys(words, at)
        brace = words[at] if at < len(words) and words[at].text == "{" else None
        body, at = _body(words, at + 1 if brace else at)
        if keys or body:
            yield Block(tuple(keys), brace, tuple(_directives(body)))


def _address(key: str) -> tuple[str, str, str]:
    transport, found, rest = key.partition("://")
    if not found or transport not in _PORTS:
        transport, rest = "dns", key
    zone, port = rest, _PORTS[transport]
    if given := re.fullmatch(r"(.*):([0-9]+)", rest):
        zone, port = given[1], str(int(given[2]))
    return transport, zone.rstrip(".").lower(), port


def _new_line(words: list[Word], at: int) -> bool:
    return at == 0 or words[at - 1].last_line < words[at].line


def _keys(words: list[Word], at: int) -> tuple[list[Word], int]:
    keys: list[Word] = []
    more = False
    first = at
    while at < len(words) and words[at].text != "{":
        word = words[at]
        if at > first and not more and _new_line(words, at):
            break
        if word.text == "import" and _new_line(words, at) and at + 1 < len(words):
            at += 2
            first = at
            continue
        more = word.text.endswith(",")
        if word.text:
            text = word.text.removesuffix(",")
            keys.append(Word(text, word.start, word.end, word.line))
        at += 1
    return keys, at


def _body(words: list[Word], at: int) -> tuple[list[list[Word]], int]:
    """Return the lines of a block, each directive's braces on its own line's list."""
    lines: list[list[Word]] = []
    depth = 0
    while at < len(words):
        word = words[at]
        if word.text == "}" and depth == 0:
            return lines, at + 1
        if depth == 0 and (not lines or (word.text != "{" and _new_line(words, at))):
            lines.append([word])
        else:
            # a brace on a line of its own still belongs to the directive before it
            lines[-1].append(word)
            depth += {"{": 1, "}": -1}.get(word.text, 0)
        at += 1
    return lines, at


def _directives(lines: list[list[Word]]) -> Iterator[Directive]:
    for name, *rest in lines:
        args: list[Word] = []
        properties: list[Word] = []
        depth = 0
        before = name
        for word in rest:
            if word.text == "{":
                depth += 1
            elif word.text == "}":
                depth -= 1
            elif depth == 0:
                args.append(word)
            elif depth == 1 and (before.text == "{" or before.last_line < word.line):
                properties.append(word)
            before = word
        yield Directive(name, tuple(args), tuple(properties))
