"""The journal of a run: records appended as JSON lines, one file per writing process.

A record is on disk before anything is raised about it, so a crash loses no more than the line that
was being written.
"""

from collections.abc import Iterator
import os
from pathlib import Path
from threading import Lock
from typing import Annotated

from pydantic import Field, TypeAdapter

from harness.record import ClaimRecord, DumpRecord, NotApplicable, ProvisionRecord, Record

_lines: TypeAdapter[Record] = TypeAdapter(
    Annotated[
        ProvisionRecord | ClaimRecord | NotApplicable | DumpRecord, Field(discriminator="kind")
    ]
)


class Journal:
    """The records of the run in `folder`, written by this process and read from all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()

    def write(self, record: Record) -> None:
        """Append one record."""
        self._folder.mkdir(parents=True, exist_ok=True)
        line = _lines.dump_json(record) + b"\n"
        with self._lock, (self._folder / f"{os.getpid()}.jsonl").open("ab") as file:
            file.write(line)

    def read(self) -> Iterator[Record]:
        """Yield every record of every process; a line cut off by a crash is left out."""
        for path in sorted(self._folder.glob("*.jsonl")):
            for line in path.read_bytes().splitlines(keepends=True):
                if line.endswith(b"\n"):
                    yield _lines.validate_json(line)
