"""Judge a record again, without a cluster: the same checks over the same observations.

The only place in `reports` that reaches for a check; it reports differences and changes no record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
import re
from typing import cast

from harness.topology import Topology
from harness.verdict import Check, Outcome
from reports.report import Claim, Report

_NAME = re.compile(r"(\w+):([a-z]\w*)")


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim whose verdict is another one now."""

    claim: Claim
    topology: str
    recorded: str
    now: str


def rejudge(report: Report) -> tuple[Difference, ...]:
    """Return the claims that today's checks judge otherwise; empty when all verdicts stand."""
    return tuple(_differences(report))


def find(name: str) -> Check:
    """Return the check that a record names `module:function`; raises LookupError without one."""
    fits = _NAME.fullmatch(name)
    if fits is None:
        raise LookupError(f"{name!r} does not name a check: it must read module:function")
    try:
        module = import_module(f"harness.checks.{fits[1]}")
        return cast("Check", getattr(module, fits[2]))
    except (ImportError, AttributeError) as cause:
        raise LookupError(f"check {name} is not there any more: {cause}") from cause


def _differences(report: Report) -> Iterator[Difference]:
    for account in report.topologies:
        for claim in account.claims:
            recorded = f"{claim.outcome.value}: {claim.reason}"
            now = _judge(claim, account.topology)
            if now != recorded:
                yield Difference(claim, account.name, recorded, now)


def _judge(claim: Claim, topology: Topology | None) -> str:
    if topology is None:
        return "not judged: the record does not hold its topology"
    try:
        check = find(claim.check)
    except LookupError as cause:
        return f"not judged: {cause}"
    try:
        verdict = check(topology, claim.evidence.observations, **claim.params)
    except Exception as cause:  # noqa: BLE001  # as when it was judged first: nothing is known
        return f"{Outcome.INCONCLUSIVE.value}: judging broke: {cause}"
    return f"{verdict.outcome.value}: {verdict.reason}"
