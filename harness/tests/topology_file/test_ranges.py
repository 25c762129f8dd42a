from ipaddress import IPv4Network
from itertools import combinations

import pytest

from harness.topology_file.ranges import MOST_CLUSTERS, TAKEN, default_ranges, what_is_wrong


def test_twenty_clusters_have_ranges_apart() -> None:
    """No two default ranges touch, and none lies where a cluster may not be."""
    ranges = [each for at in range(1, MOST_CLUSTERS + 1) for each in default_ranges(at)]
    assert len(ranges) == 40
    assert not [pair for pair in combinations(ranges, 2) if pair[0].overlaps(pair[1])]
    assert not [each for each in ranges if what_is_wrong(str(each))]
    assert not [each for each in ranges if any(each.overlaps(taken) for taken in TAKEN)]


def test_the_first_nine_follow_their_number() -> None:
    """Cluster i has pods in 10.(10·i) and services in 10.(100+10·i)."""
    for at in range(1, 10):
        assert default_ranges(at) == (
            IPv4Network(f"10.{10 * at}.0.0/16"),
            IPv4Network(f"10.{100 + 10 * at}.0.0/16"),
        )


@pytest.mark.parametrize("position", [0, 21])
def test_there_is_no_range_beyond_the_twentieth(position: int) -> None:
    """A position without ranges is refused rather than given somebody else's."""
    with pytest.raises(ValueError, match="there are no ranges"):
        default_ranges(position)
