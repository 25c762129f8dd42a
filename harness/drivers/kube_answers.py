"""What the ways a request can end mean: the API server said no, or nothing is known."""

from collections.abc import Iterator
from contextlib import contextmanager
import json

from kubernetes.client.exceptions import ApiException  # noqa: TID251  # this is its driver
from kubernetes.config import ConfigException  # noqa: TID251
from urllib3.exceptions import HTTPError

from harness.errors import RefusedError, UnreachableError

REQUEST_SECONDS = 15.0
"""How long one request may take."""

_not_now = {0, 401, 429, 503, 504}
"""No connection, not known yet to a server that starts, too busy, not there, too late."""


@contextmanager
def answered(cluster: str, question: str) -> Iterator[None]:
    """Turn what the client library raises in the block into our two errors."""
    try:
        yield
    except ApiException as problem:
        message = f"{cluster}: {question}: {_words(problem)}"
        if problem.status in _not_now:
            raise UnreachableError(message) from problem
        raise RefusedError(message, status=int(problem.status or 0)) from problem
    except (HTTPError, OSError) as problem:
        raise UnreachableError(
            f"{cluster}: {question}: its API server does not answer: {problem}"
        ) from problem
    except ConfigException as problem:
        raise UnreachableError(f"{cluster}: its kubeconfig is of no use: {problem}") from problem
    except (ValueError, KeyError) as problem:  # no JSON, or not the JSON of an API server
        raise UnreachableError(
            f"{cluster}: {question}: the answer makes no sense: {problem}"
        ) from problem


def _words(problem: ApiException) -> str:
    body = problem.body.decode(errors="replace") if isinstance(problem.body, bytes) else ""
    try:
        said = json.loads(body or problem.body or "").get("message")
    except (ValueError, AttributeError):
        said = ""
    reason = f"{problem.status} {problem.reason}" if problem.status else str(problem.reason)
    return f"{said} ({reason})" if said else reason
