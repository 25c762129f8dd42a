"""The text of a file that a user wrote, and the error that says all that is wrong with it."""

from collections.abc import Iterable
from pathlib import Path

from harness.errors import UsageError
from harness.topology_file.syntax import Problem, place_of


def text_of(path: Path, *, kind: str = "topology") -> str:
    """Return the file's text; raises UsageError when it cannot be read or is not UTF-8."""
    try:
        raw = path.read_bytes()
    except IsADirectoryError as error:
        raise UsageError(f"{path}: a folder, not a {kind} file: name a file in it") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file: check the path") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}): check its rights") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        wrong = f"byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        problem = Problem(place_of(before, len(before)), wrong)
        raise refused(path, [problem]) from error


def refused(path: Path, problems: Iterable[Problem]) -> UsageError:
    """Return the error that says every problem, each as file:line:column, in the file's order."""
    return UsageError(
        *(
            f"{path}:{each.place.line}:{each.place.column}: {each.text}"
            for each in sorted(set(problems))
        )
    )
