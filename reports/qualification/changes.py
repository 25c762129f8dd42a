"""Two qualifications side by side: which cells turned red or green, which came and went.

The versions of two releases seldom are the same: a version that only one of them has is compared
with the other's version of the same minor, where each has one such.
"""

from collections.abc import Iterator

from reports.compare import Change, Kind
from reports.qualification.model import Cell, Profile, QualificationReport

_RANKED: tuple[Kind, ...] = ("red", "gone", "changed", "green", "new")


def changes(before: QualificationReport, after: QualificationReport) -> tuple[Change, ...]:
    """Return what differs, what turned red before all else."""
    found: list[Change] = []
    for old, new in _pairs(before.profiles, after.profiles):
        found += _profiles(old, new)
    return tuple(sorted(found, key=lambda change: _RANKED.index(change.kind)))


def _pairs(
    before: tuple[Profile, ...], after: tuple[Profile, ...]
) -> Iterator[tuple[Profile | None, Profile | None]]:
    olds, news = ({each.istio: each for each in profiles} for profiles in (before, after))
    same = olds.keys() & news.keys()
    left = [version for version in olds if version not in same]
    for version, new in news.items():
        if version in same:
            yield olds[version], new
            continue
        alike = [each for each in left if _minor(each) == _minor(version)]
        rivals = [each for each in news if each not in same and _minor(each) == _minor(version)]
        if len(alike) == len(rivals) == 1:
            left.remove(alike[0])
            yield olds[alike[0]], new
        else:
            yield None, new
    for version in left:
        yield olds[version], None


def _minor(version: str) -> tuple[str, ...]:
    return tuple(version.split(".")[:2])


def _profiles(old: Profile | None, new: Profile | None) -> Iterator[Change]:
    olds, news = (
        {each.topology: each for each in side.cells} if side else {} for side in (old, new)
    )
    versions = " → ".join(dict.fromkeys(side.istio for side in (old, new) if side))
    for topology in dict.fromkeys([*olds, *news]):
        was, now = olds.get(topology), news.get(topology)
        kind = _kind(was, now)
        if kind:
            yield Change(kind, topology, f"Istio {versions}", _told(was), _told(now))
        elif was and now:
            yield from _claims(was, now, f"Istio {versions}")


def _kind(was: Cell | None, now: Cell | None) -> Kind | None:
    if was is None:
        return "new" if now is None or now.result.as_wanted else "red"
    if now is None:
        return "gone"
    if was.result.as_wanted != now.result.as_wanted:
        return "green" if now.result.as_wanted else "red"
    return "changed" if was.result is not now.result else None


def _claims(was: Cell, now: Cell, where: str) -> Iterator[Change]:
    """Yield the claims by which two cells of the same result differ."""
    for word, olds, news in (
        ("failed", was.failed_claims, now.failed_claims),
        ("inconclusive", was.inconclusive_claims, now.inconclusive_claims),
    ):
        for name in news:
            if name not in olds:
                yield Change("red", now.topology, f"{where}: {name}", f"not {word}", word)
        for name in olds:
            if name not in news:
                yield Change("green", now.topology, f"{where}: {name}", word, f"not {word}")


def _told(cell: Cell | None) -> str:
    return f"{cell.result}: {cell.reason}" if cell else "not in the matrix"
