"""How soon CoreDNS notices a changed Corefile, and a way to make that seconds for a while.

What stood there before is kept in a comment beside what was put there, so that the Corefile alone
is enough to put it back.
"""

import json
import re

from harness.corefile.blocks import Directive, blocks
from harness.corefile.lexer import Comment, lex, position
from harness.errors import UsageError

QUICK = "reload 2s 1s"
"""The shortest that CoreDNS takes: it looks every 1.5 to 2.5 seconds."""

_MARK = "# meshproof, instead of "
_LINE = "\n    "
_DEFAULT_INTERVAL, _DEFAULT_JITTER = 30.0, 15.0
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def quicken_reload(corefile: str) -> str:
    """Return the Corefile with the quickest reload; one that has it from here stays as it is.

    Every `reload` is changed, because the last one read holds for the whole server; where there is
    none, the block of `.` gets one. Raises UsageError when there is no such block either.
    """
    if list(_changes(corefile)):
        return corefile
    found = _reloads(corefile)
    if not found:
        return _inserted(corefile)
    for directive in reversed(found):
        begin, end = directive.name.start, directive.end
        corefile = corefile[:begin] + _put(corefile[begin:end]) + corefile[end:]
    return corefile


def restore_reload(corefile: str) -> str:
    """Return the Corefile as it was before `quicken_reload`, to the byte."""
    for begin, end, before in reversed(list(_changes(corefile))):
        corefile = corefile[:begin] + before + corefile[end:]
    return corefile


def takes_effect_within(corefile: str) -> float | None:
    """Return the most seconds until CoreDNS looks at a changed file; None when it never does."""
    found = _reloads(corefile)
    return max((_longest(each) for each in found), default=None)


def _reloads(corefile: str) -> list[Directive]:
    return [
        directive
        for block in blocks(corefile)
        for directive in block.directives
        if directive.name.text == "reload"
    ]


def _put(instead_of: str) -> str:
    # the line break keeps whatever follows out of the comment
    return f"{QUICK} {_MARK}{json.dumps(instead_of)}\n"


def _inserted(corefile: str) -> str:
    main = next((each for each in blocks(corefile) if each.brace and each.serves(".")), None)
    if main is None or main.brace is None:
        raise UsageError(
            "Corefile:1:1: no block serves '.' on port 53: add one, with `reload` in it"
        )
    at = main.brace.end
    return f"{corefile[:at]}{_LINE}{_put('')}{corefile[at:]}"


def _changes(corefile: str) -> list[tuple[int, int, str]]:
    """Return where each change begins and ends, and what stood there before."""
    found = []
    for comment in lex(corefile):
        if not isinstance(comment, Comment) or not comment.text.startswith(_MARK):
            continue
        try:
            before = str(json.loads(comment.text.removeprefix(_MARK)))
        except ValueError:
            before = ""
        change = _put(before) if before else f"{_LINE}{_put('')}"
        begin = comment.end + 1 - len(change)
        if corefile[max(begin, 0) : comment.end + 1] != change:
            where = position(corefile, comment.start)
            raise UsageError(f"{where}: this line is meshproof's and was edited: mend it by hand")
        found.append((begin, comment.end + 1, before))
    return found


def _longest(directive: Directive) -> float:
    given = dict(enumerate(_seconds(word.text) for word in directive.args[:2]))
    interval = given.get(0) or _DEFAULT_INTERVAL
    jitter = given.get(1) or _DEFAULT_JITTER
    return interval + min(jitter, interval / 2) / 2


def _seconds(duration: str) -> float:
    parts = re.findall(r"([0-9.]+)(h|ms|us|µs|ns|m|s)", duration)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
