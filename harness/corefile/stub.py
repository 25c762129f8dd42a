"""A marked block that forwards one zone, added to a live Corefile and taken out without a trace.

It is put at the top: there it stands by itself whatever the rest looks like, unfinished quotations
and a missing last line break included, and what follows it stays as it was to the byte.
"""

import re

from harness.corefile.blocks import blocks
from harness.corefile.lexer import BYTE_ORDER_MARK, Comment, lex, position
from harness.errors import UsageError

_WORD = re.compile(r"[A-Za-z0-9.:\[\]_-]+")


def add_stub(corefile: str, zone: str, forward: str) -> str:
    """Return the Corefile with a block that forwards the zone to an address, or address:port.

    A block of ours for the zone is replaced where it stands. Raises UsageError when a block that
    is not ours serves the zone already.
    """
    for text in (zone, forward):
        if not _WORD.fullmatch(text):
            raise UsageError(f"'{text}' cannot stand in a Corefile: give a plain name or address")
    begin, end = _span(corefile, zone) or (_top(corefile), _top(corefile))
    before, after = corefile[:begin], corefile[end:]
    _refuse_foreign(corefile, (begin, end), zone)
    return f"{before}{_block(zone, forward)}{after}"


def remove_stub(corefile: str, zone: str) -> str:
    """Return the Corefile without our block for the zone; without one, as it is."""
    span = _span(corefile, zone)
    return corefile[: span[0]] + corefile[span[1] :] if span else corefile


def has_stub(corefile: str, zone: str) -> bool:
    """Whether a block of ours forwards the zone."""
    return _span(corefile, zone) is not None


def _block(zone: str, forward: str) -> str:
    return (
        f"{_mark(zone, 'begins')}\n"
        f"{zone}:53 {{\n"
        "    errors\n"
        "    cache 30\n"
        f"    forward . {forward}\n"
        "}\n"
        f"{_mark(zone, 'ends')}\n"
    )


def _mark(zone: str, which: str) -> str:
    return f"# meshproof: the stub of {zone} {which}"


def _top(corefile: str) -> int:
    return len(BYTE_ORDER_MARK) if corefile.startswith(BYTE_ORDER_MARK) else 0


def _span(corefile: str, zone: str) -> tuple[int, int] | None:
    begin: Comment | None = None
    for comment in lex(corefile):
        if not isinstance(comment, Comment):
            continue
        if comment.text.rstrip() == _mark(zone, "begins"):
            begin = comment
        if begin and comment.text.rstrip() == _mark(zone, "ends"):
            return begin.start, min(comment.end + 1, len(corefile))
    if begin:
        where = position(corefile, begin.start)
        raise UsageError(f"{where}: the stub of {zone} begins and never ends: take it out by hand")
    return None


def _refuse_foreign(corefile: str, ours: tuple[int, int], zone: str) -> None:
    for block in blocks(corefile):
        if block.serves(zone) and not ours[0] <= block.keys[0].start < ours[1]:
            where = position(corefile, block.keys[0].start)
            raise UsageError(
                f"{where}: zone '{zone}' is served by a block that is not meshproof's: take that "
                "block out, or choose a topology without a stub"
            )
