"""A Corefile's words and comments, each with where it stands, cut as CoreDNS cuts them.

Source: github.com/coredns/caddy, caddyfile/lexer.go. Some of it surprises: `#` begins a comment
even within a word, a carriage return vanishes from a word, quotes count only at a word's beginning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

BYTE_ORDER_MARK = "\ufeff"

# Go's unicode.IsSpace: Python's own notion takes four control characters more
_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes; `start` and `end` are offsets of what stands in the file."""

    text: str
    start: int
    end: int
    line: int

    @property
    def last_line(self) -> int:
        """The line on which it ends: a quoted word may hold line breaks."""
        return self.line + self.text.count("\n")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its `#` to the end of its line, without the line break."""

    text: str
    start: int
    end: int


def position(corefile: str, offset: int) -> str:
    """Return `Corefile:line:column` of a character."""
    before = corefile[:offset]
    return f"Corefile:{before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"


def lex(corefile: str) -> Iterator[Word | Comment]:
    """Yield the words and comments of a Corefile; every text has some, none is refused."""
    at = len(BYTE_ORDER_MARK) if corefile.startswith(BYTE_ORDER_MARK) else 0
    line = 1
    while at < len(corefile):
        character = corefile[at]
        if character == "\n":
            line += 1
        if character in _SPACE:
            at += 1
        elif character == "#":
            comment = _comment(corefile, at)
            yield comment
            at = comment.end
        else:
            word = _quoted(corefile, at, line) if character == '"' else _bare(corefile, at, line)
            if word is None:
                return
            yield word
            line = word.last_line
            at = word.end


def _comment(corefile: str, start: int) -> Comment:
    end = corefile.find("\n", start)
    end = len(corefile) if end < 0 else end
    return Comment(corefile[start:end], start, end)


def _quoted(corefile: str, start: int, line: int) -> Word | None:
    text: list[str] = []
    at = start + 1
    while at < len(corefile):
        character = corefile[at]
        if character == '"':
            return Word("".join(text), start, at + 1, line)
        if character == "\\" and corefile[at + 1 : at + 2] == '"':
            character = '"'
            at += 1
        elif character == "\\" and at + 1 == len(corefile):
            break
        elif character == "\\":
            # no other escape is known: the backslash stays, and so does what follows it
            character = corefile[at : at + 2]
            at += 1
        text.append(character)
        at += 1
    # an empty quotation that never ends is no word to CoreDNS
    return Word("".join(text), start, len(corefile), line) if text else None


def _bare(corefile: str, start: int, line: int) -> Word:
    text: list[str] = []
    at = start
    while at < len(corefile):
        character = corefile[at]
        if character == "#":
            # what follows is skipped to the next space only, for CoreDNS forgets the comment there
            while at < len(corefile) and (corefile[at] not in _SPACE or corefile[at] == "\r"):
                at += 1
            break
        if character in _SPACE and character != "\r":
            break
        if character != "\r":
            text.append(character)
        at += 1
    return Word("".join(text), start, at, line)
