"""Says why a part could not be made, and what to do about it."""

import errno

from harness.errors import HarnessError

_AGAIN = "run it again once that is mended: what is whole is not made twice"
_ADVICE = (
    (
        ("no space left on device", "disk quota exceeded"),
        "the disk is full: make room, or set MESHPROOF_CACHE to a folder on a larger disk",
    ),
    (
        ("out of memory", "signal: killed", "cannot allocate memory"),
        "memory ran out: end what else runs here",
    ),
    (
        (
            "no such host",
            "temporary failure",
            "connection refused",
            "connection timed out",
            "i/o timeout",
            "could not resolve",
            "network is unreachable",
            "max retries exceeded",
            "403 forbidden",
            "404 not found",
            "no matching distribution",
            "unable to connect",
            "failed to fetch",
        ),
        "a package registry did not serve what was asked: check the network, GOPROXY, pip's index",
    ),
)


def told(cause: HarnessError | OSError) -> str:
    """Return the cause in words, with the way out last."""
    if isinstance(cause, OSError):
        place = f"{cause.filename}: " if cause.filename else ""
        text = f"{place}{cause.strerror or cause}"
        if cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            text = f"{text} (no space left on device)"
    else:
        text = str(cause)
    low = text.lower()
    advice = [words for signs, words in _ADVICE if any(sign in low for sign in signs)]
    return "\n  ".join((text, *advice[:1], _AGAIN))
