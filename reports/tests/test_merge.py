from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.settings import Settings
from reports.compose import compose
from reports.merge import merge, worst_of
from reports.report import Report
from reports.tests.records import (
    MULTI_PRIMARY,
    PRIMARY_REMOTE,
    STARTED,
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
)

FIRST = facts(Path("a"), PRIMARY_REMOTE)
LATER = STARTED + timedelta(seconds=100)
SECOND = replace(facts(Path("b"), MULTI_PRIMARY), id="r2", started=LATER)


def shards() -> tuple[Report, Report]:
    """Return two shards: one green, one red and a hundred seconds later."""
    well = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
    ill = reached("cluster1", no_answer("cluster1", 21), topology=MULTI_PRIMARY)
    return (
        compose(FIRST, [well], ran_all(well), ending()),
        compose(SECOND, [ill], ran_all(ill), ending(1)),
    )


def test_the_whole_holds_what_its_shards_hold() -> None:
    """Topologies, tests, counts, and the time from the first start to the last end."""
    whole = merge(shards())

    assert [account.name for account in whole.topologies] == [
        "primary-remote",
        "multi-primary-two-networks",
    ]
    assert (whole.totals.held, whole.totals.failed) == (1, 1)
    assert whole.exit_code == 1
    assert whole.run.seconds == 163.2
    assert whole.run.id == "r1+r2"


def test_a_topology_in_two_shards_is_refused() -> None:
    """Each problem is named, all at once."""
    first, _ = shards()
    other = first.model_copy(update={"settings": Settings(mesh_id="other")})

    with pytest.raises(UsageError) as raised:
        merge([first, other])

    assert len(raised.value.problems) == 2
    assert "topology primary-remote is in 2 shards" in raised.value.problems[0]


def test_nothing_cannot_be_merged() -> None:
    """It is a usage error with the way out."""
    with pytest.raises(UsageError, match="nothing to merge"):
        merge([])


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        ([0, 0], 0),
        ([0, 11, 1], 1),
        ([1, 10], 10),
        ([10, 12], 12),
        ([12, 2], 2),
        ([0, 5], 0),
        ([5], 5),
    ],
)
def test_the_worst_shard_decides(codes: list[int], whole: int) -> None:
    """A shard that was cut short decides first; one in which nothing ran says nothing."""
    assert worst_of(codes) == whole
