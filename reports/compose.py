"""A report from facts, records and tests: a pure function; same inputs, same report."""

from collections import Counter
from collections.abc import Iterable, Sequence

from harness.record import ClaimRecord, DumpRecord, NotApplicable, ProvisionRecord, Record
from reports.evidence import Evidence
from reports.exits import exit_code, verdict_of
from reports.facts import Ending, RunFacts
from reports.names import topology_in
from reports.report import (
    Choice,
    Claim,
    Dump,
    Provision,
    Ran,
    Report,
    Run,
    Skipped,
    TestRun,
    TopologyAccount,
    Totals,
)


def compose(
    facts: RunFacts, records: Iterable[Record], tests: Sequence[TestRun], ending: Ending
) -> Report:
    """Return the account of the run; topologies in the order selected, then as they appeared."""
    written = tuple(records)
    names = tuple(
        dict.fromkeys(
            [each.name for each in facts.topologies]
            + [each.topology.name for each in written if isinstance(each, ProvisionRecord)]
            + [each.topology for each in written if not isinstance(each, ProvisionRecord)]
        )
    )
    placed = tuple(_placed(test, written, names) for test in tests)
    accounts = tuple(_account(name, facts, written, placed) for name in names)
    code = exit_code(ending.status, accounts, placed)
    return Report(
        run=Run(
            id=facts.id,
            started=facts.started,
            seconds=round(ending.seconds, 3),
            command=facts.command,
            engine=Choice(name=facts.engine, reason=facts.engine_reason),
            images=Choice(name=facts.images, reason=facts.images_reason),
            host=facts.host,
            timings=facts.timings,
            interruption=ending.interruption,
        ),
        settings=facts.settings,
        versions=facts.versions,
        digests=facts.digests,
        topologies=accounts,
        tests=placed,
        totals=totals(accounts, placed),
        verdict=verdict_of(code),
        exit_code=code,
    )


def totals(accounts: Sequence[TopologyAccount], tests: Sequence[TestRun]) -> Totals:
    """Return the counts of claims and tests."""
    claims = Counter(
        (claim.wanted, claim.outcome.value) for account in accounts for claim in account.claims
    )
    return Totals(
        held=claims["pass", "pass"],
        caught=claims["fail", "fail"],
        failed=claims["pass", "fail"],
        inconclusive=claims["pass", "inconclusive"] + claims["fail", "inconclusive"],
        missed=claims["fail", "pass"],
        not_applicable=sum(len(account.not_applicable) for account in accounts),
        untested=sum(len(account.untested) for account in accounts),
        tests=dict(Counter(test.outcome for test in tests)),
    )


def _placed(test: TestRun, records: Sequence[Record], names: tuple[str, ...]) -> TestRun:
    """Return the test with its topology: as it said, as its records say, or as its id reads."""
    if test.topology:
        return test
    said = (
        each.topology
        for each in records
        if not isinstance(each, ProvisionRecord) and each.test == test.id
    )
    return test.model_copy(update={"topology": next(said, "") or topology_in(test.id, names)})


def _account(
    name: str, facts: RunFacts, records: Sequence[Record], tests: Sequence[TestRun]
) -> TopologyAccount:
    ours = [each for each in records if isinstance(each, ProvisionRecord)]
    provisions = [each for each in ours if each.topology.name == name]
    claims = [each for each in records if isinstance(each, ClaimRecord) and each.topology == name]
    skipped = [
        each for each in records if isinstance(each, NotApplicable) and each.topology == name
    ]
    known = [each.topology for each in provisions]
    known += [each for each in facts.topologies if each.name == name]
    tried = {claim.test for claim in claims}
    return TopologyAccount(
        name=name,
        topology=known[0] if known else None,
        provisions=tuple(_provision(each) for each in provisions),
        claims=tuple(_claim(f"{name}.{number}", each) for number, each in enumerate(claims, 1)),
        not_applicable=tuple(Skipped(test=each.test, reason=each.reason) for each in skipped),
        untested=tuple(
            test.id
            for test in tests
            if test.topology == name
            and test.id not in tried
            and test.outcome in (Ran.ERROR, Ran.NOT_RUN)
        ),
        dumps=tuple(
            _dump(each)
            for each in records
            if isinstance(each, DumpRecord) and each.topology == name
        ),
    )


def _dump(record: DumpRecord) -> Dump:
    return Dump(
        folder=record.folder,
        seconds=record.seconds,
        bytes=record.bytes,
        missing=record.missing,
        test=record.test,
        fault=record.fault,
    )


def _provision(record: ProvisionRecord) -> Provision:
    return Provision(
        phase=record.phase,
        seconds=record.seconds,
        steps=record.steps,
        error=record.error,
        nodes=record.nodes,
        gateways=record.gateways,
    )


def _claim(name: str, record: ClaimRecord) -> Claim:
    return Claim(
        id=name,
        test=record.test,
        claim=record.claim,
        check=record.check,
        params=record.params,
        outcome=record.verdict.outcome,
        reason=record.verdict.reason,
        expected=record.verdict.expected,
        got=record.verdict.got,
        evidence=Evidence.of(record.verdict.evidence),
        attempts=record.attempts,
        seconds=record.seconds,
        fault=record.fault,
        wanted=record.wanted,
    )
