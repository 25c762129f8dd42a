"""What a comparison came to: spans of phases, their ratio, and how both are told."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """When a phase began and ended, in seconds from the beginning of its side."""

    name: str
    began: float
    ended: float

    def __str__(self) -> str:
        return f"  {self.name} took {self.ended - self.began:.1f} s"


@dataclass(frozen=True, slots=True)
class Pair:
    """One comparison: the same mesh by the documents' order and by meshproof's."""

    documents: tuple[Span, ...]
    meshproof: tuple[Span, ...]

    @property
    def seconds(self) -> tuple[float, float]:
        """How long each side took from nothing to a full matrix: the documents', meshproof's."""
        documents = max(span.ended for span in self.documents)
        return documents, max(span.ended for span in self.meshproof)

    @property
    def ratio(self) -> float:
        """How many times as fast meshproof was."""
        documents, meshproof = self.seconds
        return documents / meshproof

    def table(self) -> Iterator[str]:
        """Yield both sides by phase; those of meshproof overlap."""
        ours = {span.name: span for span in self.meshproof}
        yield f"{'phase':<14}{'documents':>20}{'meshproof':>20}"
        for span in self.documents:
            row = f"{span.name:<14}{_told(span):>20}"
            yield f"{row}{_told(ours[span.name]) if span.name in ours else '':>20}"
        documents, meshproof = self.seconds
        yield f"{'whole':<14}{documents:>18.1f} s{meshproof:>18.1f} s"
        yield f"ratio {self.ratio:.2f}"


def medians(pairs: Sequence[Pair]) -> str:
    """Return the median of each side and of the ratios in one line."""
    documents = median(pair.seconds[0] for pair in pairs)
    meshproof = median(pair.seconds[1] for pair in pairs)
    ratio = median(pair.ratio for pair in pairs)
    return (
        f"median of {len(pairs)}: documents {documents:.1f} s, meshproof {meshproof:.1f} s, "
        f"ratio {ratio:.2f}"
    )


def as_json(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Return the pairs as JSON has them, with their ratios."""
    return [{**asdict(pair), "ratio": round(pair.ratio, 3)} for pair in pairs]


def _told(span: Span) -> str:
    return f"{span.began:.1f} to {span.ended:.1f} s"
