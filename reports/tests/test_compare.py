from dataclasses import replace
from pathlib import Path

from harness.record import ClaimRecord, ProvisionRecord
from reports.compare import compare, worse
from reports.compose import compose
from reports.report import Report
from reports.tests.records import (
    MULTI_PRIMARY,
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
    set_up,
)

WELL = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
ILL = reached("cluster1", no_answer("cluster1", 21))
OTHER = reached("cluster2", replies("cluster2", "cluster1", "cluster2"))


def run(*records: ClaimRecord | ProvisionRecord) -> Report:
    """Return the report of a run with these records."""
    claims = [each for each in records if isinstance(each, ClaimRecord)]
    return compose(facts(Path("r")), records, ran_all(*claims), ending(1))


def test_equal_runs_do_not_differ() -> None:
    """Nothing is made up."""
    assert compare(run(WELL, set_up()), run(WELL, set_up())) == ()


def test_what_turned_red_comes_first_and_is_worse() -> None:
    """With its verdict before and after."""
    found = compare(run(WELL), run(OTHER, ILL))

    assert [change.kind for change in found] == ["red", "new"]
    assert found[0].after == "fail: a call was not answered: status 503"
    assert worse(found)


def test_what_turned_green_is_not_worse() -> None:
    """It is told all the same."""
    found = compare(run(ILL), run(WELL))

    assert [change.kind for change in found] == ["green"]
    assert not worse(found)


def test_a_claim_that_is_no_longer_made_is_worse() -> None:
    """Fewer claims are not a better mesh."""
    found = compare(run(WELL, OTHER), run(WELL))

    assert [(change.kind, change.after) for change in found] == [("gone", "not claimed")]
    assert worse(found)


def test_a_topology_that_is_gone_is_one_line() -> None:
    """With the number of its claims."""
    lost = reached("cluster1", replies("cluster1", "cluster1"), topology=MULTI_PRIMARY)
    (change,) = compare(run(WELL, lost), run(WELL))

    assert (change.topology, change.before) == (MULTI_PRIMARY.name, "1 claims")


def test_a_phase_is_slower_only_beyond_noise() -> None:
    """Two seconds and a quarter of what it was."""
    slow = set_up()
    steps = [replace(each, seconds=each.seconds * 1.5) for each in slow.steps]
    found = compare(run(WELL, slow), run(WELL, replace(slow, steps=tuple(steps), seconds=30)))

    assert [(change.kind, change.what, change.before, change.after) for change in found] == [
        ("slower", "create …", "20.0 s", "30.0 s"),
        ("slower", "install MetalLB in …", "6.0 s", "9.0 s"),
        ("slower", "install the primary …", "9.0 s", "13.5 s"),
    ]
