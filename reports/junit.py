"""junit.xml as CI systems read it: a suite for each topology, a case for each claim.

pytest's own writer has a case for each test, writes in place and nothing at all when set-up dies
early; this one is a view of the report like any other, so it is whole whenever a report is.
"""

from collections.abc import Iterable
from datetime import UTC
import re
from xml.etree import ElementTree as ET

from reports.failures import first_line
from reports.report import Claim, Provision, Ran, Report, RunVerdict, TestRun, TopologyAccount

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RED = (Ran.ERROR, Ran.FAILED, Ran.NOT_RUN)


def junit(report: Report) -> str:
    """Return the XML; it always holds at least one case."""
    suites = [_topology(account, report) for account in report.topologies]
    placed = {account.name for account in report.topologies}
    rest = [_test(test) for test in report.tests if test.topology not in placed]
    if report.run.interruption or not (rest or any(len(suite) > 1 for suite in suites)):
        rest.append(_run(report))
    if rest:
        suites.append(_suite("run", report, rest))
    root = ET.Element("testsuites", {"name": "meshproof", **_counts(suites)})
    root.extend(suites)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _topology(account: TopologyAccount, report: Report) -> ET.Element:
    told = {claim.test for claim in account.claims}
    unmet = {claim.test for claim in account.claims if not claim.as_wanted}
    tests = [test for test in report.tests if test.topology == account.name]
    several = {claim.test for claim in account.claims if _claims_of(account, claim.test) > 1}
    reasons = {each.test: each.reason for each in account.not_applicable}
    cases = [_provision(account, each) for each in account.provisions]
    cases += [_claim(claim, account, numbered=claim.test in several) for claim in account.claims]
    cases += [
        _test(test, reasons.get(test.id, ""))
        for test in tests
        if test.id not in told or (test.outcome in RED and test.id not in unmet)
    ]
    for case in cases:
        properties = case.find("properties")
        if properties is None:
            properties = ET.Element("properties")
            case.insert(0, properties)
        _property(properties, "topology", account.name)
        for name, version in _versions(report):
            _property(properties, name, version)
    return _suite(account.name, report, cases)


def _claims_of(account: TopologyAccount, test: str) -> int:
    return sum(claim.test == test for claim in account.claims)


def _suite(name: str, report: Report, cases: Iterable[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    properties = ET.SubElement(suite, "properties")
    for each, value in (
        ("run", report.run.id),
        ("engine", report.run.engine.name),
        ("images", report.run.images.name),
        *_versions(report),
    ):
        _property(properties, each, value)
    suite.extend(cases)
    found = suite.findall("testcase")
    seconds = sum(float(case.get("time", "0")) for case in found)
    suite.attrib.update(
        tests=str(len(found)),
        failures=str(len(suite.findall("testcase/failure"))),
        errors=str(len(suite.findall("testcase/error"))),
        skipped=str(len(suite.findall("testcase/skipped"))),
        time=f"{seconds:.3f}",
        timestamp=report.run.started.astimezone(UTC).isoformat(timespec="seconds"),
    )
    return suite


def _counts(suites: list[ET.Element]) -> dict[str, str]:
    names = ("tests", "failures", "errors", "skipped")
    counts = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in names}
    return {**counts, "time": f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}"}


def _claim(claim: Claim, account: TopologyAccount, *, numbered: bool) -> ET.Element:
    module, name = _names(claim.test)
    if numbered:
        name = f"{name}: {claim.claim} ({claim.id.removeprefix(account.name + '.')})"
    case = _case(f"{account.name}.{module}", name, claim.seconds)
    properties = ET.SubElement(case, "properties")
    _property(properties, "claim", claim.claim)
    _property(properties, "outcome", claim.outcome.value)
    _property(properties, "attempts", str(claim.attempts))
    if claim.fault:
        _property(properties, "fault", claim.fault)
    if claim.as_wanted:
        return case
    failed = claim.wanted == "pass" and claim.outcome.value == "fail"
    words = f"expected: {claim.expected}\ngot: {claim.got}\nreason: {claim.reason}"
    _red(case, "failure" if failed else "error", claim.outcome.value, claim.reason, words)
    return case


def _provision(account: TopologyAccount, provision: Provision) -> ET.Element:
    what = "set-up" if provision.phase == "up" else "teardown"
    case = _case(f"{account.name}.provision", what, provision.seconds)
    if provision.error:
        _red(case, "error", what, first_line(provision.error), provision.error)
    return case


def _test(test: TestRun, reason: str = "") -> ET.Element:
    module, name = _names(test.id)
    prefix = f"{test.topology}." if test.topology else ""
    case = _case(prefix + module, name, test.seconds)
    cause = test.causes[0] if test.causes else None
    words = first_line(cause.message if cause else test.text)
    match test.outcome:
        case Ran.PASSED:
            pass
        case Ran.SKIPPED:
            ET.SubElement(case, "skipped", message=_clean(reason or words))
        case Ran.FAILED:
            _red(case, "failure", cause.type if cause else "failed", words, test.text)
        case Ran.ERROR:
            _red(case, "error", cause.type if cause else "error", words, test.text)
        case Ran.NOT_RUN:
            _red(case, "error", "not-run", "it was selected and never begun", "")
    return case


def _run(report: Report) -> ET.Element:
    """Return the case that stands for the run itself, when it did not come to its tests' end."""
    case = _case("meshproof", "run", report.run.seconds)
    if report.verdict is not RunVerdict.PASS:
        words = report.run.interruption or f"no test ran: {report.verdict.value}"
        _red(case, "error", report.verdict.value, first_line(words), words)
    return case


def _case(classname: str, name: str, seconds: float) -> ET.Element:
    return ET.Element(
        "testcase", classname=_clean(classname), name=_clean(name), time=f"{seconds:.3f}"
    )


def _red(case: ET.Element, tag: str, kind: str, message: str, text: str) -> None:
    ET.SubElement(case, tag, type=_clean(kind), message=_clean(message)).text = _clean(text)


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=name, value=_clean(value))


def _versions(report: Report) -> tuple[tuple[str, str], ...]:
    versions = report.versions or report.settings.versions
    return (("istio", versions.istio), ("kubernetes", versions.kubernetes))


def _names(test: str) -> tuple[str, str]:
    path, _, name = test.partition("::")
    return path.rsplit("/", 1)[-1].removesuffix(".py"), name or path


def _clean(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
