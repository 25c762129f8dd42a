from pathlib import Path

from reports.compose import compose
from reports.report import Ran, Report
from reports.tests.records import (
    MULTI_PRIMARY,
    PRIMARY_REMOTE,
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
)

CLAIM = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))


def test_same_inputs_give_the_same_report() -> None:
    """Nothing but the arguments goes in."""

    def report() -> Report:
        return compose(facts(), [set_up(), CLAIM], ran_all(CLAIM), ending())

    assert report() == report()


def test_records_are_sorted_under_their_topology() -> None:
    """Each topology has its own set-up, claims and what does not apply."""
    report = compose(
        facts(),
        [set_up(), set_up(MULTI_PRIMARY), CLAIM, skipped(MULTI_PRIMARY)],
        ran_all(CLAIM),
        ending(),
    )

    first, second = report.topologies

    assert (first.name, len(first.claims), len(first.not_applicable)) == ("primary-remote", 1, 0)
    assert (second.name, len(second.claims), len(second.not_applicable)) == (
        "multi-primary-two-networks",
        0,
        1,
    )


def test_a_topology_that_was_selected_and_never_begun_is_in_the_report() -> None:
    """It is there with nothing but its tests, all of them untested."""
    later = node_id("later", "cluster1", topology=MULTI_PRIMARY)
    inputs = facts(Path("r"), PRIMARY_REMOTE, MULTI_PRIMARY)

    report = compose(inputs, [CLAIM], [*ran_all(CLAIM), ran(later, Ran.NOT_RUN)], ending(2))

    assert report.topologies[1].topology == MULTI_PRIMARY
    assert report.topologies[1].untested == (later,)


def test_a_test_whose_set_up_died_is_not_tested_rather_than_failed() -> None:
    """Its claim was never tried."""
    never = node_id("never")

    report = compose(facts(), [set_up(error="no")], [ran(never, Ran.ERROR)], ending(1))

    assert report.topologies[0].untested == (never,)
    assert (report.totals.failed, report.totals.untested) == (0, 1)


def test_a_test_whose_claim_was_judged_is_not_untested_when_its_teardown_dies() -> None:
    """Tried once is tried."""
    report = compose(facts(), [CLAIM], [ran(CLAIM.test, Ran.ERROR)], ending(1))

    assert report.topologies[0].untested == ()


def test_claims_are_counted_by_what_the_scenario_wanted() -> None:
    """Held, caught, failed and missed are four different things."""
    well, badly = replies("cluster1", "cluster1", "cluster2"), no_answer("cluster1")
    claims = [
        reached("cluster1", well, name="a"),
        reached("cluster1", badly, name="b", fault="f", outcome="fail"),
        reached("cluster1", badly, name="c"),
        reached("cluster1", well, name="d", fault="f", outcome="fail"),
    ]

    totals = compose(facts(), claims, ran_all(*claims), ending(1)).totals

    assert (totals.held, totals.caught, totals.failed, totals.missed) == (1, 1, 1, 1)


def test_claims_have_ids_that_are_unique_in_the_report() -> None:
    """An id is the topology and a number."""
    report = compose(facts(), [CLAIM, CLAIM], ran_all(CLAIM), ending())

    assert [each.id for each in report.claims] == ["primary-remote.1", "primary-remote.2"]


def test_versions_asked_for_stand_beside_those_that_ran() -> None:
    """The settings say what was asked for; the stack says what it is."""
    report = compose(facts(), [CLAIM], ran_all(CLAIM), ending())

    assert report.settings.versions.istio == "1.31.1"
    assert report.versions is not None
    assert report.versions.istio == "1.31.2"
