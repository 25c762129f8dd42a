from harness.errors import ExitCode
from reports.compose import compose
from reports.failures import Failure, failures
from reports.report import Cause, Ran
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
)


def one(found: tuple[Failure, ...]) -> Failure:
    """Return the only failure."""
    assert len(found) == 1
    return found[0]


def test_a_failed_claim_says_all_that_is_needed_to_act() -> None:
    """Expected, got, why, who, how to see it again and where the evidence is."""
    claim = reached("cluster1", no_answer("cluster1", 21))
    failure = one(failures(compose(facts(), [claim], ran_all(claim), ending(1))))

    assert failure.title == "sleep is answered (cluster1)"
    assert failure.expected == "200 from exactly {cluster1, cluster2}"
    assert failure.got == "status 503 x21"
    assert failure.reason == "a call was not answered: status 503"
    assert failure.blame == "the mesh"
    assert failure.again == f"pytest '{claim.test}'"
    assert failure.anchor == "claim-primary-remote.1"


def test_a_fault_that_was_missed_blames_meshproof() -> None:
    """The check passed where it had to fail."""
    seen = replies("cluster1", "cluster1", "cluster2")
    claim = reached("cluster1", seen, fault="gateway down", outcome="fail")
    failure = one(failures(compose(facts(), [claim], ran_all(claim), ending(1))))

    assert failure.blame == "meshproof"
    assert failure.expected == "the check notices the fault gateway down"


def test_a_set_up_that_died_is_told_once_for_all_its_tests() -> None:
    """The tests that could not be tried are a number, not a list of the same error."""
    cause = Cause(phase="setup", type="ProvisioningError", message="no", exit_code=1)
    tests = [ran(node_id(name), Ran.ERROR, cause) for name in ("a", "b", "c")]
    failure = one(failures(compose(facts(), [set_up(error="no")], tests, ending(1))))

    assert failure.reason == "first broken step: install the primary cluster1"
    assert failure.untried == 3


def test_tests_that_died_alike_without_a_set_up_are_told_once() -> None:
    """One cause, one failure, and how many more it hit."""
    cause = Cause(phase="setup", type="HostError", message="no memory\nfree some", exit_code=10)
    tests = [ran(node_id(name), Ran.ERROR, cause) for name in ("a", "b")]
    failure = one(failures(compose(facts(), [], tests, ending(1))))

    assert failure.title == "a (and 1 more)"
    assert failure.reason == "no memory"
    assert failure.code is ExitCode.HOST


def test_a_run_without_failures_has_none() -> None:
    """Green is empty."""
    claim = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))

    assert failures(compose(facts(), [set_up(), claim], ran_all(claim), ending())) == ()
