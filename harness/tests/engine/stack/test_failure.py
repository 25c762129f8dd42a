import pytest

from harness.engine.stack.failure import told
from harness.errors import HarnessError, HostError


@pytest.mark.parametrize(
    ("cause", "advice"),
    [
        (OSError(28, "No space left on device"), "make room"),
        (HostError("go: write: no space left on device"), "make room"),
        (HostError("compile: signal: killed"), "memory ran out"),
        (HostError("dial tcp: lookup proxy: no such host"), "GOPROXY"),
        (HostError("reading x.info: 403 Forbidden"), "GOPROXY"),
        (HostError("E: Failed to fetch x.deb"), "a package registry"),
    ],
)
def test_a_known_cause_comes_with_advice(cause: HarnessError | OSError, advice: str) -> None:
    """A full disk, lack of memory or a registry that does not answer is told with what to do."""
    assert advice in told(cause)


def test_the_cause_comes_first_and_the_way_out_last() -> None:
    """The words of the cause open the message, and running it again closes it."""
    lines = told(HostError("main.go:1: syntax error")).splitlines()
    assert lines[0] == "main.go:1: syntax error"
    assert lines[-1].strip().startswith("run it again")
