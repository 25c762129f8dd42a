"""The pod and service ranges of clusters: what is given when none is written, and what clashes."""

from ipaddress import IPv4Network

MOST_CLUSTERS = 20
"""For so many clusters there are ranges that do not touch each other."""

TAKEN = {
    IPv4Network("127.0.0.0/8"): "this machine's own addresses",
    IPv4Network("169.254.0.0/16"): "link-local addresses",
    IPv4Network("172.16.0.0/12"): "the addresses of container networks",
    IPv4Network("224.0.0.0/3"): "multicast and the addresses of `.global` names",
}
"""Ranges that no cluster may use, and what they are for."""

_BROADEST, _NARROWEST = 12, 24


def default_ranges(position: int) -> tuple[IPv4Network, IPv4Network]:
    """Return the pod and service ranges of the cluster at this position, the first being 1.

    Cluster 1 has 10.10.0.0/16 and 10.110.0.0/16, cluster 10 has 10.100.0.0/16 and 10.200.0.0/16;
    from 11 to 20 each lies 5 above those of ten clusters before.
    """
    if not 1 <= position <= MOST_CLUSTERS:
        raise ValueError(f"there are no ranges for cluster {position}: 1 to {MOST_CLUSTERS} have")
    rounds, step = divmod(position - 1, 10)
    second = 10 * (step + 1) + 5 * rounds
    return IPv4Network(f"10.{second}.0.0/16"), IPv4Network(f"10.{second + 100}.0.0/16")


def what_is_wrong(text: str) -> str:
    """Return why the text is no usable range, with the way out; empty when it is one."""
    try:
        network = IPv4Network(text)
    except ValueError:
        return _not_a_range(text)
    if not _BROADEST <= network.prefixlen <= _NARROWEST:
        return f"{text} is too big or too small: write a prefix of /{_BROADEST} to /{_NARROWEST}"
    for taken, purpose in TAKEN.items():
        if network.overlaps(taken):
            return f"{text} overlaps {taken}, {purpose}: take one of 10.0.0.0/8 or 192.168.0.0/16"
    return ""


def _not_a_range(text: str) -> str:
    try:
        meant = IPv4Network(text, strict=False)
    except ValueError:
        return f"'{text}' is no IPv4 range: write one like 10.10.0.0/16"
    return f"{text} has bits set beyond its prefix: write {meant}"
