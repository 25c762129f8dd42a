"""Runs a program in a container through the API server, with its exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
import json
import re
from threading import Thread
from time import monotonic
from typing import Any

from kubernetes.client import ApiClient, Configuration, CoreV1Api  # noqa: TID251  # its driver
from kubernetes.client.exceptions import ApiException  # noqa: TID251
from kubernetes.stream import stream  # noqa: TID251
from websocket import WebSocketException

from harness.access import Completed
from harness.drivers.kube_answers import answered
from harness.errors import RefusedError, UnreachableError

_handshake = re.compile(r"Handshake status (\d+)")
_connect_seconds = 10.0
_error_channel = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One container of a pod."""

    pod: str
    namespace: str
    container: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.pod}/{self.container}"


class _Exec(Thread):
    """One exec in a thread of its own: the library's connect knows no time limit."""

    def __init__(self, configuration: Configuration, target: dict[str, Any], limit: float) -> None:
        super().__init__(daemon=True)
        self._configuration, self._target, self._limit = configuration, target, limit
        self.output = b"", b"", b""
        self.ended = False
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            # stream() swaps a method of its client, so the client is nobody else's
            api = CoreV1Api(ApiClient(self._configuration))
            link = stream(
                api.connect_get_namespaced_pod_exec,
                **self._target,
                stdout=True,
                stderr=True,
                stdin=False,
                tty=False,
                binary=True,
                _preload_content=False,
            )
            try:
                link.run_forever(timeout=self._limit)
                self.ended = not link.is_open()
                self.output = (
                    link.read_channel(1),
                    link.read_channel(2),
                    link.read_channel(_error_channel),
                )
            finally:
                link.close()
                link.sock.shutdown()  # close() leaves the socket of a stream that the server ended
        except Exception as problem:  # noqa: BLE001  # raised again by the caller
            self.problem = problem


def run_in_container(
    configuration: Configuration, cluster: str, place: Place, argv: Sequence[str], timeout: float
) -> Completed:
    """Run argv in a container and return its exit code and output.

    Raises UnreachableError when no exit code came in `timeout` seconds or the stream was lost,
    RefusedError when the server would not start it.
    """
    question = f"run {argv[0]} in {place}"
    target = {
        "name": place.pod,
        "namespace": place.namespace,
        "container": place.container,
        "command": list(argv),
    }
    began = monotonic()
    work = _Exec(configuration, target, timeout)
    work.start()
    work.join(timeout + _connect_seconds)
    if work.is_alive() or not (work.ended or work.problem):
        raise UnreachableError(f"{cluster}: {question}: it did not end in {timeout:.0f} s")
    if work.problem is not None:
        _raise(cluster, question, work.problem)
    stdout, stderr, status = work.output
    return Completed(
        tuple(argv),
        _exit_code(cluster, question, status),
        stdout.decode(errors="replace"),
        stderr.decode(errors="replace"),
        monotonic() - began,
    )


def _raise(cluster: str, question: str, problem: Exception) -> None:
    if isinstance(problem, WebSocketException):
        raise UnreachableError(f"{cluster}: {question}: the stream was lost: {problem}")
    if isinstance(problem, ApiException) and (found := _handshake.match(str(problem.reason))):
        said = _message(str(problem.reason))
        raise RefusedError(f"{cluster}: {question}: {said}", status=int(found[1])) from problem
    with answered(cluster, question):
        raise problem


def _message(reason: str) -> str:
    # the library puts status, headers and body into one text
    body = reason.rpartition("-+-+-")[2].strip().removeprefix("b'").removesuffix("'")
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body


def _exit_code(cluster: str, question: str, text: bytes) -> int:
    if not text:
        raise UnreachableError(f"{cluster}: {question}: the stream was lost before an exit code")
    status = json.loads(text)
    if status.get("status") == "Success":
        return 0
    for cause in status.get("details", {}).get("causes", ()):
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise RefusedError(
        f"{cluster}: {question}: {status.get('message')}", status=int(status.get("code") or 500)
    )
