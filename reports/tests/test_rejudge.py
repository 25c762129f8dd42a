import pytest

from harness.observation import HttpReply
from reports.compose import compose
from reports.evidence import Evidence
from reports.rejudge import find, rejudge
from reports.report import Claim, Report, from_json, to_json
from reports.tests.records import (
    claimed,
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
    set_up,
    unseen,
)

CLAIMS = [
    reached("cluster1", replies("cluster1", "cluster1", "cluster2")),
    reached("cluster2", no_answer("cluster2", 21)),
    reached("cluster1", unseen("cluster1"), name="unknown"),
]


@pytest.fixture
def report() -> Report:
    """A claim that held, one that failed and one that could not be told, through JSON."""
    whole = compose(facts(), [set_up(), *CLAIMS], ran_all(*CLAIMS), ending(1))
    return from_json(to_json(whole))


def changed(report: Report, claim: Claim) -> Report:
    """Return the report with its first claim replaced."""
    account = report.topologies[0]
    account = account.model_copy(update={"claims": (claim, *account.claims[1:])})
    return report.model_copy(update={"topologies": (account,)})


def test_the_same_record_gives_the_same_verdicts(report: Report) -> None:
    """Through JSON and back, each verdict and its reason stand."""
    assert rejudge(report) == ()


def test_a_changed_observation_gives_another_verdict(report: Report) -> None:
    """One reply turned into a 503 turns its claim red, and no other."""
    claim = report.claims[0]
    seen = list(claim.evidence.observations)
    seen[4] = HttpReply("cluster1", "http://httpbin:8000/hostname", 503)
    report = changed(report, claim.model_copy(update={"evidence": Evidence.of(seen)}))

    (difference,) = rejudge(report)
    assert difference.claim.id == claim.id
    assert difference.now == "fail: a call was not answered: status 503"


def test_a_changed_verdict_is_found(report: Report) -> None:
    """A record that says more than was seen does not stand."""
    claim = report.claims[0].model_copy(update={"reason": "it shone"})

    assert len(rejudge(changed(report, claim))) == 1


def test_a_check_that_is_gone_is_said_and_not_passed_over() -> None:
    """What cannot be judged again is a difference."""
    claim = claimed(CLAIMS[0].verdict, test="t", check="reach:no_longer_here")
    report = compose(facts(), [set_up(), claim], ran_all(claim), ending())

    assert "not judged: check reach:no_longer_here" in rejudge(report)[0].now


@pytest.mark.parametrize("name", ["os:system", "reach", "..errors:HarnessError", "reach:_counts"])
def test_only_checks_are_found(name: str) -> None:
    """A record cannot name any other function to be called."""
    with pytest.raises(LookupError):
        find(name)
