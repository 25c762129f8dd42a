"""What went wrong in a run, each thing once, with what a reader needs to act on it."""

from collections.abc import Iterator
from dataclasses import dataclass
import shlex

from harness.errors import ExitCode
from reports.exits import broken_steps, of_claim, of_provision, of_test
from reports.names import sentence
from reports.report import Claim, Provision, Ran, Report, TestRun, TopologyAccount

_BLAME = {
    ExitCode.MESH_FAILED: "the mesh",
    ExitCode.HOST: "the environment",
    ExitCode.USAGE: "what was asked for",
    ExitCode.INCONCLUSIVE: "not known: it could not be judged",
    ExitCode.BUG: "meshproof",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong; `anchor` is where its evidence stands in the HTML report."""

    title: str
    topology: str
    code: ExitCode
    expected: str
    got: str
    reason: str
    again: str
    anchor: str
    untried: int = 0
    """How many tests could not be tried because of it."""

    @property
    def blame(self) -> str:
        """Who is to look at it."""
        return _BLAME.get(self.code, "meshproof")


def failures(report: Report) -> tuple[Failure, ...]:
    """Return all that went wrong: set-ups first, then claims, then tests that say it themselves."""
    return (
        *(
            _of_provision(account, provision, report)
            for account in report.topologies
            for provision in account.provisions
            if provision.error
        ),
        *(
            _of_claim(claim, account.name)
            for account in report.topologies
            for claim in account.claims
            if not claim.as_wanted
        ),
        *_of_tests(report),
    )


def again(test: str) -> str:
    """Return the command that runs one test again."""
    return f"pytest {shlex.quote(test)}"


def first_line(text: str) -> str:
    """Return the first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _of_provision(account: TopologyAccount, provision: Provision, report: Report) -> Failure:
    verb = "set up" if provision.phase == "up" else "taken down"
    broken = broken_steps(provision)
    tests = [test.id for test in report.tests if test.topology == account.name]
    return Failure(
        title=f"{account.name} could not be {verb}",
        topology=account.name,
        code=of_provision(provision),
        expected=f"every step ends ({len(provision.steps)} planned)",
        got="; ".join(f"{step.step}: {first_line(step.error)}" for step in broken)
        or first_line(provision.error),
        reason=f"first broken step: {broken[0].step}" if broken else first_line(provision.error),
        again=again(tests[0]) if tests else "",
        anchor=f"timeline-{account.name}",
        untried=len(account.untested) if provision.phase == "up" else 0,
    )


def _of_claim(claim: Claim, topology: str) -> Failure:
    code = of_claim(claim)
    caught = f"the check notices the fault {claim.fault}"
    return Failure(
        title=sentence(claim.test),
        topology=topology,
        code=code,
        expected=caught if claim.wanted == "fail" else claim.expected or claim.claim,
        got=claim.got or f"{claim.outcome.value}: {claim.reason}",
        reason=claim.reason,
        again=again(claim.test),
        anchor=f"claim-{claim.id}",
    )


def _of_tests(report: Report) -> Iterator[Failure]:
    """Yield a failure for each cause that neither a claim nor a set-up tells already."""
    unmet = {claim.test for claim in report.claims if not claim.as_wanted}
    broken = {
        account.name for account in report.topologies if any(p.error for p in account.provisions)
    }
    alike: dict[tuple[str, str], list[TestRun]] = {}
    for test in report.tests:
        code = of_test(test, explained=test.id in unmet)
        phases = {cause.phase for cause in test.causes}
        told = test.topology in broken and phases == {"setup"}
        if code is not ExitCode.PASSED and not told:
            words = test.causes[0].message if test.causes else test.text
            alike.setdefault((test.topology, first_line(words)), []).append(test)
    for (topology, words), tests in alike.items():
        first = tests[0]
        more = f" (and {len(tests) - 1} more)" if len(tests) > 1 else ""
        kind = first.causes[0].type if first.causes else "it"
        yield Failure(
            title=sentence(first.id) + more,
            topology=topology,
            code=of_test(first, explained=first.id in unmet),
            expected="the test runs to its end",
            got=f"{kind} in {first.causes[0].phase}" if first.causes else "it did not",
            reason=words,
            again=again(first.id),
            anchor=f"test-{report.tests.index(first)}",
            untried=sum(test.outcome is Ran.ERROR for test in tests),
        )
