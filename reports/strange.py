"""What another version wrote: refused in one sentence that says how to read it."""

from pathlib import Path

from pydantic import ValidationError

from harness.errors import UsageError


def strange(path: Path, what: str, error: ValidationError) -> UsageError:
    """Return the mistake of naming a file that is not `what` this version writes."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return UsageError(
        f"{path} is no {what} of this version ({error.error_count()} problems; "
        f"{where}: {first['msg']}): read it with the meshproof that wrote it"
    )
