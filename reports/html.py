"""The report as one HTML file: no network, no outside file, readable without its script.

The template and its style and script are in `page/`; their hashes are in the page's own Content
Security Policy, which forbids everything else.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
import json

from markupsafe import Markup

from harness.observation import DnsReply
from harness.topology import Topology
from reports import names
from reports.diagram import Drawing, draw
from reports.exits import broken_steps, of_test
from reports.failures import again, failures, first_line
from reports.families import families
from reports.matrix import Mark, Matrix, matrix
from reports.pages import environment, source
from reports.relations import Pair, Relation, seen
from reports.report import Claim, Provision, Ran, Report, TestRun, TopologyAccount
from reports.timeline import Bar, bars
from reports.words import counted, dumped, sentence

LONGEST_TEXT = 6000
"""Characters of pytest's own text of a failure; the whole of it is in report.json."""


@dataclass(frozen=True, slots=True)
class Section:
    """One topology as the page shows it."""

    account: TopologyAccount
    table: Matrix
    drawing: Drawing | None
    dns: tuple[tuple[Claim, tuple[tuple[DnsReply, int], ...]], ...]
    """By claim, what resolvers answered, and how often."""
    groups: tuple[tuple[str, tuple[Claim, ...]], ...]
    timelines: tuple[tuple[Provision, tuple[Bar, ...]], ...]

    @property
    def several(self) -> frozenset[str]:
        """The tests that made more than one claim."""
        tests = [claim.test for claim in self.account.claims]
        return frozenset(test for test in tests if tests.count(test) > 1)

    @property
    def held(self) -> int:
        """How many claims are as wanted."""
        return sum(claim.as_wanted for claim in self.account.claims)


def html(report: Report) -> str:
    """Return the page."""
    pages = environment()
    pages.filters.update(
        sentence=names.sentence,
        again=again,
        first=first_line,
        mark=mark_of,
        families=families,
        claim_of={claim.id: claim for claim in report.claims}.__getitem__,
        dumped=dumped,
    )
    style, script = source("colours.css", "page.css", "diagram.css"), source("page.js")
    return pages.get_template("page.html.j2").render(
        report=report,
        verdict=sentence(report),
        counted=counted(report),
        failures=failures(report),
        sections=[_section(account) for account in report.topologies],
        troubles=tuple(_troubles(report)),
        Mark=Mark,
        broken_steps=broken_steps,
        params=_params,
        longest=LONGEST_TEXT,
        style=Markup(style),  # noqa: S704  # our own file
        script=Markup(script),  # noqa: S704  # our own file
        hashes={"style": _hash(style), "script": _hash(script)},
    )


def mark_of(claim: Claim) -> Mark:
    """Return the mark of a claim: as wanted, not, or not known."""
    if claim.as_wanted:
        return Mark.REACHED
    return Mark.UNKNOWN if claim.outcome.value == "inconclusive" else Mark.FAILED


def _section(account: TopologyAccount) -> Section:
    table = matrix(account)
    claims = sorted(account.claims, key=lambda claim: names.group(claim.test))
    return Section(
        account=account,
        table=table,
        drawing=_drawing(account, table),
        dns=tuple(_dns(account)),
        groups=tuple(
            (name, tuple(members))
            for name, members in groupby(claims, key=lambda claim: names.group(claim.test))
        ),
        timelines=tuple((each, bars(each)) for each in account.provisions),
    )


def _drawing(account: TopologyAccount, table: Matrix) -> Drawing | None:
    if account.topology is None:
        return None
    gateways: dict[str, str] = {}
    for provision in account.provisions:
        gateways.update(provision.gateways)

    def joined(topology: Topology, pair: Pair) -> Iterator[Relation]:
        return seen(topology, table, pair)

    return draw(account.topology, gateways, joined)


def _dns(account: TopologyAccount) -> Iterator[tuple[Claim, tuple[tuple[DnsReply, int], ...]]]:
    for claim in account.claims:
        evidence = claim.evidence.counted
        if found := tuple((each, n) for each, n in evidence if isinstance(each, DnsReply)):
            yield claim, found


def _troubles(report: Report) -> Iterator[tuple[int, TestRun]]:
    """Yield, with their number, the tests that failed for a reason that no claim tells."""
    unmet = {claim.test for claim in report.claims if not claim.as_wanted}
    for number, test in enumerate(report.tests):
        if test.outcome in (Ran.FAILED, Ran.ERROR) and of_test(test, explained=test.id in unmet):
            yield number, test


def _params(claim: Claim) -> str:
    """Return the check's parameters, cut short: the whole of them is in report.json."""
    text = json.dumps(claim.params, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"  # noqa: PLR2004  # a line or two


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
