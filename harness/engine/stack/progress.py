"""What the building of a stack says of itself, a line each."""

from dataclasses import dataclass
from typing import Literal

State = Literal["waiting", "planned", "started", "going", "made", "failed"]


def spoken(seconds: float) -> str:
    """Return `45 s` or `6 min 45 s`."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Progress:
    """One thing that happened to one part; `str` of it is a line for a log."""

    state: State
    title: str
    done: int
    """Parts that are whole, of `total`."""
    total: int
    seconds: float = 0
    """How long the part has taken so far; when planned, how long everything may take."""
    expected: float = 0
    """How long it took last time; where it was never made, how long it usually takes."""
    known: bool = False
    """Whether it was made on this machine before."""

    def __str__(self) -> str:
        count = f"[{self.done}/{self.total}]"
        match self.state:
            case "waiting":
                return f"stack: {self.title}"
            case "planned":
                return f"stack {count}: making {self.title}, about {spoken(self.seconds)}"
            case "started":
                before = "took" if self.known else "usually takes"
                when = " last time" if self.known else ""
                return f"stack {count}: making {self.title}, {before} {spoken(self.expected)}{when}"
            case "going":
                return (
                    f"stack {count}: still making {self.title}, "
                    f"{spoken(self.seconds)} of about {spoken(self.expected)}"
                )
            case "made":
                return f"stack {count}: made {self.title} in {spoken(self.seconds)}"
            case "failed":
                return f"stack {count}: {self.title} failed after {spoken(self.seconds)}"
