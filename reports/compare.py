"""Two runs side by side: what turned red or green, what came and went, what got slower."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reports.names import sentence
from reports.phases import phases
from reports.report import Claim, Report, TopologyAccount

NOISE_SECONDS = 2.0
NOISE_SHARE = 0.25
"""A phase is slower or faster when it differs by both: this many seconds, this share of before."""

Kind = Literal["red", "green", "changed", "new", "gone", "slower", "faster"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two runs."""

    kind: Kind
    topology: str
    what: str
    before: str
    after: str


def compare(before: Report, after: Report) -> tuple[Change, ...]:
    """Return what differs: verdicts first, the newly red before all, then lengths of phases."""
    ranked: list[Kind] = ["red", "gone", "changed", "green", "new", "slower", "faster"]
    changes = [*_claims(before, after), *_lengths(before, after)]
    return tuple(sorted(changes, key=lambda change: ranked.index(change.kind)))


def worse(changes: tuple[Change, ...]) -> bool:
    """Whether something turned red or is no longer claimed."""
    return any(change.kind in ("red", "gone") for change in changes)


def _claims(before: Report, after: Report) -> Iterator[Change]:
    old, new = _by_name(before), _by_name(after)
    olds, news = ({key[0] for key in each} for each in (old, new))
    for name in sorted(olds - news):
        count = sum(key[0] == name for key in old)
        yield Change("gone", name, "the whole topology", f"{count} claims", "not claimed")
    for key in dict.fromkeys([*old, *new]):
        topology, test, number = key
        was, now = old.get(key), new.get(key)
        kind = _kind(was, now)
        if kind and topology in news:
            what = sentence(test) + (f", claim {number + 1}" if number else "")
            yield Change(kind, topology, what, _told(was), _told(now))


def _kind(was: Claim | None, now: Claim | None) -> Kind | None:
    if was is None:
        return "new" if now is None or now.as_wanted else "red"
    if now is None:
        return "gone"
    if was.as_wanted != now.as_wanted:
        return "green" if now.as_wanted else "red"
    return "changed" if was.outcome is not now.outcome else None


def _told(claim: Claim | None) -> str:
    return f"{claim.outcome.value}: {claim.reason}" if claim else "not claimed"


def _by_name(report: Report) -> dict[tuple[str, str, int], Claim]:
    found: dict[tuple[str, str, int], Claim] = {}
    for account in report.topologies:
        for claim in account.claims:
            number = sum((account.name, claim.test) == key[:2] for key in found)
            found[account.name, claim.test, number] = claim
    return found


def _lengths(before: Report, after: Report) -> Iterator[Change]:
    old = {account.name: _seconds(account) for account in before.topologies}
    for account in after.topologies:
        for phase, now in _seconds(account).items():
            was = old.get(account.name, {}).get(phase)
            if was is None or abs(now - was) < max(NOISE_SECONDS, NOISE_SHARE * was):
                continue
            kind: Kind = "slower" if now > was else "faster"
            yield Change(kind, account.name, phase, f"{was:.1f} s", f"{now:.1f} s")


def _seconds(account: TopologyAccount) -> dict[str, float]:
    found: dict[str, float] = {}
    for provision in account.provisions:
        if provision.error:
            continue
        found[f"all of {provision.phase}"] = provision.seconds
        found |= {each.name: each.seconds for each in phases(account, provision)}
    return found
