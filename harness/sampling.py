"""How many calls tell an exact set of answering clusters from luck."""

from math import ceil, log

CHANCE = 1e-6
"""The accepted chance that an even balancer misses one cluster in the whole sample."""


def calls_needed(clusters: int) -> int:
    """Return the calls after which missing any of `clusters` by chance is less likely than CHANCE.

    Each call falls on each cluster with equal chance, so `clusters * (1 - 1/clusters) ** calls`
    bounds it: 1 cluster takes 1 call, 2 take 21, 3 take 37.
    """
    if clusters < 2:  # noqa: PLR2004  # with one cluster there is nothing to miss
        return 1
    return ceil(log(CHANCE / clusters) / log(1 - 1 / clusters))
