"""Topologies for tests: the usual forms by name, and any at all for properties."""

from hypothesis import strategies

from harness.topology import Discovery, GlobalForm, Resolver, Root, Topology

Placed = tuple[str, str, str]
"""A cluster's name, its network and the name of its primary."""


def topology(*placed: Placed, name: str = "any", **fields: object) -> Topology:
    """Return a topology of clusters that are placed so, with ranges that nobody shares."""
    clusters = [
        {
            "name": cluster,
            "network": network,
            "primary": primary,
            "pods": f"10.{2 * index + 10}.0.0/16",
            "services": f"10.{2 * index + 11}.0.0/16",
        }
        for index, (cluster, network, primary) in enumerate(placed)
    ]
    return Topology.model_validate({"name": name, "title": name, "clusters": clusters, **fields})


def primary_remote(**fields: object) -> Topology:
    """Return a primary and its remote on one network: the main form."""
    east, west = ("east", "network1", "east"), ("west", "network1", "east")
    return topology(east, west, name="primary-remote", **fields)


def primary_remote_two_networks(**fields: object) -> Topology:
    """Return a primary and its remote on networks of their own."""
    east, west = ("east", "network1", "east"), ("west", "network2", "east")
    return topology(east, west, name="primary-remote-two-networks", **fields)


def multi_primary(**fields: object) -> Topology:
    """Return two primaries on one network: no gateway anywhere."""
    east, west = ("east", "network1", "east"), ("west", "network1", "west")
    return topology(east, west, name="multi-primary", **fields)


def multi_primary_two_networks(**fields: object) -> Topology:
    """Return two primaries on networks of their own."""
    east, west = ("east", "network1", "east"), ("west", "network2", "west")
    return topology(east, west, name="multi-primary-two-networks", **fields)


def mixed(**fields: object) -> Topology:
    """Return a primary with a remote beside it, and a second primary on another network."""
    return topology(
        ("east", "network1", "east"),
        ("west", "network1", "east"),
        ("north", "network2", "north"),
        name="mixed",
        **fields,
    )


def two_remotes(**fields: object) -> Topology:
    """Return a primary with two remotes on one network."""
    return topology(
        ("east", "network1", "east"),
        ("west", "network1", "east"),
        ("north", "network1", "east"),
        name="two-remotes",
        **fields,
    )


def west_first(**fields: object) -> Topology:
    """Return two primaries on one network, in another order than that of their names."""
    west, east = ("west", "network1", "west"), ("east", "network1", "east")
    return topology(west, east, name="west-first", **fields)


def alone(**fields: object) -> Topology:
    """Return a single cluster."""
    return topology(("east", "network1", "east"), name="alone", **fields)


FORMS = {
    each.name: each
    for each in (
        primary_remote(),
        primary_remote_two_networks(),
        multi_primary(),
        multi_primary_two_networks(),
        mixed(),
        two_remotes(),
        west_first(),
        alone(),
    )
}
"""The usual forms by name, as recordings name them."""


@strategies.composite
def any_topology(draw: strategies.DrawFn) -> Topology:
    """Return a valid topology: at least one primary, every remote served by a primary."""
    names = [f"cluster{number}" for number in range(1, draw(strategies.integers(1, 6)) + 1)]
    served = draw(strategies.lists(strategies.booleans(), min_size=len(names), max_size=len(names)))
    primaries = [name for name, own in zip(names, served, strict=True) if own] or names[:1]
    placed = [
        (
            name,
            draw(strategies.sampled_from(["network1", "network2", "network3"])),
            name if name in primaries else draw(strategies.sampled_from(primaries)),
        )
        for name in names
    ]
    discovery = draw(strategies.sampled_from(Discovery))
    fields = {
        "discovery": discovery,
        "revision": draw(strategies.sampled_from(["", "rev"])),
        "root": draw(strategies.sampled_from(Root)),
        "resolver": draw(strategies.sampled_from(Resolver)),
        "global_form": draw(strategies.sampled_from(GlobalForm)),
    }
    return topology(*draw(strategies.permutations(placed)), **fields)
