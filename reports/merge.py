"""Shards of one run, each on a machine of its own, put together into one report."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from harness.errors import ExitCode, UsageError
from reports.compose import totals
from reports.exits import RANKED, verdict_of
from reports.report import Report


def merge(shards: Sequence[Report]) -> Report:
    """Return the report of all shards together; a topology belongs to one of them whole.

    Raises UsageError with every reason why they are not shards of one run.
    """
    problems = _problems(shards)
    if problems:
        raise UsageError(*problems)
    first = min(shards, key=lambda shard: shard.run.started)
    ends = [shard.run.started + timedelta(seconds=shard.run.seconds) for shard in shards]
    accounts = tuple(account for shard in shards for account in shard.topologies)
    tests = tuple(test for shard in shards for test in shard.tests)
    code = worst_of(shard.exit_code for shard in shards)
    stopped = [shard.run.interruption for shard in shards if shard.run.interruption]
    run = first.run.model_copy(
        update={
            "id": "+".join(shard.run.id for shard in shards),
            "seconds": round((max(ends) - first.run.started).total_seconds(), 3),
            "interruption": "; ".join(stopped),
        }
    )
    return first.model_copy(
        update={
            "run": run,
            "digests": {name: each for shard in shards for name, each in shard.digests.items()},
            "topologies": accounts,
            "tests": tests,
            "totals": totals(accounts, tests),
            "exit_code": code,
            "verdict": verdict_of(code),
        }
    )


def worst_of(codes: Iterable[int]) -> int:
    """Return the code of the whole: one that was cut short decides, then the worst.

    A shard in which nothing ran says nothing, unless nothing ran in any.
    """
    found = [code for code in codes if code != ExitCode.NOTHING_RAN]
    if not found:
        return int(ExitCode.NOTHING_RAN)
    cut_short = [code for code in found if code not in RANKED]
    return int(max(cut_short) if cut_short else max(found, key=RANKED.index))


def _problems(shards: Sequence[Report]) -> list[str]:
    if not shards:
        return ["nothing to merge: name the report.json of each shard"]
    problems = []
    times = Counter(account.name for shard in shards for account in shard.topologies)
    problems += [
        f"topology {name} is in {count} shards: give each shard topologies of its own"
        for name, count in times.items()
        if count > 1
    ]
    for shard in shards[1:]:
        for what in ("settings", "versions"):
            if getattr(shard, what) != getattr(shards[0], what):
                problems.append(
                    f"run {shard.run.id} has other {what} than {shards[0].run.id}: "
                    "only shards of one run can be merged"
                )
    return problems
