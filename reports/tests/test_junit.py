from xml.etree import ElementTree as ET

from harness.record import Record
from reports.compose import compose
from reports.junit import junit
from reports.report import Cause, Ran, TestRun
from reports.tests.records import (
    ending,
    facts,
    no_answer,
    node_id,
    ran,
    ran_all,
    reached,
    replies,
    set_up,
    skipped,
    unseen,
)

HELD = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
FAILED = reached("cluster2", no_answer("cluster2", 21))


def xml(
    records: list[Record], tests: list[TestRun], status: int = 1, interruption: str = ""
) -> ET.Element:
    """Return the parsed junit.xml of a run."""
    report = compose(facts(), records, tests, ending(status, interruption))
    return ET.fromstring(junit(report))  # noqa: S314  # our own text


def case(root: ET.Element, name: str) -> ET.Element:
    """Return the only case of that name."""
    (found,) = [each for each in root.iter("testcase") if each.get("name") == name]
    return found


def test_each_claim_is_a_case_of_its_topology() -> None:
    """Two claims and the set-up are three cases of one suite."""
    root = xml([set_up(), HELD, FAILED], ran_all(HELD, FAILED))

    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (
        "primary-remote",
        "3",
        "1",
    )
    assert [each.get("name") for each in suite.iter("testcase")] == [
        "set-up",
        "test_sleep_is_answered[primary-remote/cluster1]",
        "test_sleep_is_answered[primary-remote/cluster2]",
    ]


def test_several_claims_of_one_test_have_names_of_their_own() -> None:
    """No two cases share class and name."""
    root = xml([HELD, HELD], ran_all(HELD))
    names = [(each.get("classname"), each.get("name")) for each in root.iter("testcase")]

    assert len(set(names)) == 2


def test_a_case_carries_topology_and_versions_as_scalars() -> None:
    """CI systems filter by them."""
    root = xml([HELD], ran_all(HELD), 0)
    found = case(root, "test_sleep_is_answered[primary-remote/cluster1]")
    properties = {each.get("name"): each.get("value") for each in found.iter("property")}

    assert properties["topology"] == "primary-remote"
    assert properties["istio"] == "1.31.2"
    assert properties["outcome"] == "pass"


def test_a_failed_claim_tells_expected_and_got() -> None:
    """The text of the failure is enough to begin with."""
    root = xml([FAILED], ran_all(FAILED))
    failure = case(root, "test_sleep_is_answered[primary-remote/cluster2]").find("failure")

    assert failure is not None
    assert "expected: 200 from exactly {cluster1, cluster2}" in (failure.text or "")
    assert "got: status 503 x21" in (failure.text or "")


def test_an_inconclusive_claim_is_an_error_and_not_a_failure() -> None:
    """It was not seen to fail."""
    claim = reached("cluster1", unseen("cluster1"))
    (suite,) = xml([claim], ran_all(claim))

    assert (suite.get("failures"), suite.get("errors")) == ("0", "1")


def test_a_test_that_was_never_tried_is_an_error() -> None:
    """A set-up that died is a case of its own, beside one for each test that it prevented."""
    cause = Cause(phase="setup", type="ProvisioningError", message="no istiod", exit_code=1)
    (suite,) = xml([set_up(error="no istiod")], [ran(node_id("never"), Ran.ERROR, cause)])

    assert suite.get("errors") == "2"


def test_what_does_not_apply_is_skipped_with_its_reason() -> None:
    """The reason is the message."""
    test = node_id("crossing")
    root = xml([HELD, skipped()], [*ran_all(HELD), ran(test, Ran.SKIPPED)], 0)
    found = case(root, "test_crossing[primary-remote]").find("skipped")

    assert found is not None
    assert found.get("message") == "it needs two networks"


def test_a_run_that_died_before_any_test_has_a_case_of_its_own() -> None:
    """The file is never empty, and never green for want of tests."""
    root = xml([], [], 10, "the machine has no memory left")
    error = case(root, "run").find("error")

    assert error is not None
    assert error.get("message") == "the machine has no memory left"


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    """Escape sequences of a program's output do not break the file."""
    cause = Cause(phase="call", type="Some", message="a\x1b[31mb", exit_code=None)
    root = xml([], [ran(node_id("x"), Ran.FAILED, cause, text="\x00")])

    error = root.find(".//failure")
    assert error is not None
    assert error.get("message") == "a\N{REPLACEMENT CHARACTER}[31mb"
