from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha1
import json
import re
import socket
from threading import Event, Thread

from kubernetes.client import Configuration  # noqa: TID251  # the driver's own test
import pytest

from harness.access import Completed
from harness.drivers.kube_exec import Place, run_in_container
from harness.errors import RefusedError, UnreachableError

Serve = Callable[[socket.socket], None]
Run = Callable[[Serve], Completed]


def _frame(channel: int, payload: bytes) -> bytes:
    data = bytes([channel]) + payload
    return bytes([0x82, 126]) + len(data).to_bytes(2, "big") + data


def _status(**fields: object) -> bytes:
    return _frame(3, json.dumps(fields).encode()) + bytes([0x88, 0])


def _accept(connection: socket.socket) -> None:
    request = connection.recv(8192).decode()
    found = re.search(r"Sec-WebSocket-Key: (\S+)", request, re.IGNORECASE)
    assert found
    # RFC 6455 names this constant and this digest
    key = f"{found[1]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()
    accept = b64encode(sha1(key).digest()).decode()  # noqa: S324
    lines = (
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept}",
        "Sec-WebSocket-Protocol: v4.channel.k8s.io",
    )
    connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())


@pytest.fixture
def run() -> Iterator[Run]:
    """Run a program through a server that does to the accepted stream what the test says."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[Thread] = []

    def run(serve: Serve) -> Completed:
        def once() -> None:
            connection, _ = listener.accept()
            with connection:
                _accept(connection)
                serve(connection)

        threads.append(Thread(target=once))
        threads[-1].start()
        configuration = Configuration(host=f"http://127.0.0.1:{listener.getsockname()[1]}")
        place = Place("sleep", "sample", "sleep")
        return run_in_container(configuration, "cluster1", place, ["true"], 1)

    yield run
    for thread in threads:
        thread.join(5)
    listener.close()


def test_output_and_code_come_from_their_channels(run: Run) -> None:
    """Output that is split within a letter is whole again; the exit code is the program's."""
    letter = "ö".encode()

    def serve(connection: socket.socket) -> None:
        connection.sendall(_frame(1, b"h" + letter[:1]) + _frame(2, b"bad"))
        connection.sendall(_frame(1, letter[1:] + b"!"))
        code = {"causes": [{"reason": "ExitCode", "message": "3"}]}
        connection.sendall(_status(status="Failure", reason="NonZeroExitCode", details=code))

    done = run(serve)
    assert (done.code, done.stdout, done.stderr) == (3, "hö!", "bad")


def test_success_is_zero(run: Run) -> None:
    """A program that succeeded has the code 0."""
    assert run(lambda connection: connection.sendall(_status(status="Success"))).code == 0


def test_a_stream_that_breaks_off_tells_nothing(run: Run) -> None:
    """Without an exit code there is no answer, whatever was printed before."""
    with pytest.raises(UnreachableError, match="stream was lost"):
        run(lambda connection: connection.sendall(_frame(1, b"200")))


def test_a_stream_that_is_closed_without_a_code_tells_nothing(run: Run) -> None:
    """A clean end of the stream is not the end of the program."""
    with pytest.raises(UnreachableError, match="before an exit code"):
        run(lambda connection: connection.sendall(_frame(1, b"200") + bytes([0x88, 0])))


def test_a_program_that_hangs_is_given_up(run: Run) -> None:
    """The time limit is kept when nothing comes."""
    over = Event()

    def serve(_connection: socket.socket) -> None:
        over.wait(10)

    with pytest.raises(UnreachableError, match="did not end in 1 s"):
        run(serve)
    over.set()


def test_a_program_that_cannot_start_is_refused(run: Run) -> None:
    """The server's own words are raised: that is no exit code."""
    body = _status(status="Failure", reason="InternalError", message="no such file", code=500)
    with pytest.raises(RefusedError, match="no such file"):
        run(lambda connection: connection.sendall(body))
