import pytest

from harness.errors import (
    CancelledError,
    CommandError,
    DeadlineError,
    ExitCode,
    HarnessError,
    HostError,
    NotYet,
    ProvisioningError,
    RefusedError,
    UnreachableError,
    UsageError,
)


def command_error(
    *, code: int | None = 3, stdout: str = "", stderr: str = "", where: str = "this machine"
) -> CommandError:
    """Return what a failed `istioctl install -f 'my file'` raises."""
    argv = ["istioctl", "install", "-f", "my file"]
    return CommandError(argv, where=where, code=code, stdout=stdout, stderr=stderr)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (12, HarnessError("any")),
        (4, UsageError("any")),
        (10, HostError("any")),
        (1, command_error()),
        (1, UnreachableError("any")),
        (1, RefusedError("any", status=403)),
        (1, DeadlineError("any", seconds=1, attempts=1, last="any")),
        (2, CancelledError("any")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_says_who_is_to_blame(code: int, error: HarnessError) -> None:
    """Each kind of error has the exit code that the exception tree promises."""
    assert code == error.exit_code


def test_everything_that_is_raised_on_purpose_can_be_caught_at_once() -> None:
    """HarnessError is the root of every other error."""
    kinds = [UsageError, HostError, CommandError, UnreachableError, RefusedError, NotYet]
    kinds += [DeadlineError, CancelledError, ProvisioningError]

    assert [] == [kind for kind in kinds if not issubclass(kind, HarnessError)]


def test_exit_codes_are_the_documented_numbers() -> None:
    """The numbers are a contract with those who call the command."""
    expected = {
        "PASSED": 0,
        "MESH_FAILED": 1,
        "INTERRUPTED": 2,
        "USAGE": 4,
        "NOTHING_RAN": 5,
        "HOST": 10,
        "INCONCLUSIVE": 11,
        "BUG": 12,
    }

    assert expected == {code.name: code.value for code in ExitCode}


@pytest.mark.parametrize("kind", [UsageError, HostError])
def test_all_problems_are_told_at_once(kind: type[UsageError | HostError]) -> None:
    """Every problem stands on a line of its own, and apart in `problems`."""
    error = kind("no root", "no disk")

    assert ("no root", "no disk") == error.problems
    assert "no root\nno disk" == str(error)


def test_a_failed_command_tells_what_to_paste() -> None:
    """The message holds program, exit code, place, output and the quoted command line."""
    error = command_error(stderr="no such file\n", where="east")

    assert str(error) == (
        "istioctl exited 3 on east: no such file\n  again: istioctl install -f 'my file'"
    )
    assert ("istioctl", "install", "-f", "my file") == error.argv
    assert (3, "east", "", "no such file\n") == (
        error.code,
        error.where,
        error.stdout,
        error.stderr,
    )


def test_a_command_that_ran_past_its_time_says_so() -> None:
    """Without an exit code the command did not end in time."""
    assert "istioctl did not end in time on this machine" in str(command_error(code=None))


@pytest.mark.parametrize(
    ("stdout", "stderr", "told"),
    [
        ("out", "err", ": err\n"),
        ("out", " \n", ": out\n"),
        ("", "", ": (it printed nothing)\n"),
    ],
)
def test_a_failed_command_tells_the_output_that_matters(
    stdout: str, stderr: str, told: str
) -> None:
    """Standard error comes first, standard output where there is none."""
    assert told in str(command_error(stdout=stdout, stderr=stderr))


def test_of_a_long_output_the_end_is_told() -> None:
    """The message keeps the last two thousand characters, where the cause stands."""
    message = str(command_error(stderr="x" * 5000 + "the cause"))

    assert "the cause" in message
    assert len(message) < 2200


def test_a_deadline_tells_what_was_seen_last() -> None:
    """What was awaited, how long, how often it was looked at, and the last sight."""
    error = DeadlineError("west: ready", seconds=59.6, attempts=7, last="0 of 1 ready")

    assert "west: ready: not so after 60 s and 7 looks; seen last: 0 of 1 ready" == str(error)
    assert ("west: ready", 59.6, 7, "0 of 1 ready") == (
        error.what,
        error.seconds,
        error.attempts,
        error.last,
    )


def test_failed_steps_are_told_together() -> None:
    """Each step's sentence stands beside its cause, and the causes are kept."""
    causes: dict[str, Exception] = {
        "create east": HostError("no disk"),
        "create west": OSError("gone"),
    }
    error = ProvisioningError(causes, exit_code=ExitCode.HOST)

    assert causes == error.failures
    assert ExitCode.HOST is error.exit_code
    assert "the mesh could not be set up\ncreate east: no disk\ncreate west: gone" == str(error)


def test_a_refusal_keeps_its_status() -> None:
    """The HTTP code of the API server's answer can be asked for."""
    assert RefusedError("no", status=404).status == 404
