from hypothesis import given, strategies
import pytest

from harness.sampling import CHANCE, calls_needed


def missing(clusters: int, calls: int) -> float:
    """Return the bound of the chance that an even balancer misses a cluster in so many calls."""
    return float(clusters * (1 - 1 / clusters) ** calls)


@pytest.mark.parametrize(("clusters", "calls"), [(0, 1), (1, 1), (2, 21), (3, 37), (4, 53)])
def test_calls_are_as_many_as_documented(clusters: int, calls: int) -> None:
    """One cluster takes one call, two take 21, three 37."""
    assert calls == calls_needed(clusters)


@given(strategies.integers(2, 200))
def test_calls_suffice_and_none_is_wasted(clusters: int) -> None:
    """The bound holds with so many calls, and with one call less it does not."""
    calls = calls_needed(clusters)

    assert missing(clusters, calls) < CHANCE <= missing(clusters, calls - 1)


def test_the_accepted_chance_is_one_in_a_million() -> None:
    """What the report promises does not change unnoticed."""
    assert CHANCE == 1e-6
