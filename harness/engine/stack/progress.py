"""What the building of a stack says of itself, a line each."""

from dataclasses import dataclass
from typing import Literal


def spoken(seconds: float) -> str:
    """Return `45 s` or `6 min 45 s`."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Progress:
    """One thing that happened to one part; `str` of it is a line for a log."""

    state: Literal["waiting", "planned", "started", "going", "made", "failed"]
    title: str
    done: int
    """Parts that are whole, of `total`."""
    total: int
    seconds: float = 0
    """How long the part has taken so far; when planned, how long everything may take."""
    last: float = 0
    """How long it took last time, or usually."""

    def __str__(self) -> str:
        count = f"[{self.done}/{self.total}]"
        match self.state:
            case "waiting":
                return f"stack: {self.title}"
            case "planned":
                return f"stack {count}: {self.title}, about {spoken(self.seconds)}"
            case "started":
                return f"stack {count}: making {self.title} (took {spoken(self.last)} before)"
            case "going":
                return (
                    f"stack {count}: still making {self.title}, "
                    f"{spoken(self.seconds)} of about {spoken(self.last)}"
                )
            case "made":
                return f"stack {count}: made {self.title} in {spoken(self.seconds)}"
            case "failed":
                return f"stack {count}: {self.title} failed after {spoken(self.seconds)}"
