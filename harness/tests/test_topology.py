from hypothesis import given
from pydantic import ValidationError
import pytest

from harness.tests.topologies import (
    FORMS,
    any_topology,
    mixed,
    multi_primary,
    multi_primary_two_networks,
    primary_remote,
    primary_remote_two_networks,
    topology,
)
from harness.topology import Discovery, Topology


def names(clusters: tuple[object, ...]) -> list[str]:
    """Return the clusters' names."""
    return [str(getattr(each, "name", each)) for each in clusters]


def test_who_is_a_primary_follows_from_whom_it_names() -> None:
    """A cluster that names itself is a primary, one that names another is its remote."""
    mesh = mixed()

    assert ["east", "north"] == names(mesh.primaries)
    assert ["west"] == names(mesh.remotes)
    assert ["west"] == names(mesh.remotes_of("east"))
    assert [] == names(mesh.remotes_of("north"))


def test_clusters_are_asked_for_by_name_and_listed_in_the_files_order() -> None:
    """Order is the file's, everywhere; names lead to clusters."""
    mesh = mixed()

    assert ("east", "west", "north") == mesh.names
    assert "west" == mesh["west"].name
    assert ("network1", "network2") == mesh.networks


def test_neighbours_share_a_network_and_are_others() -> None:
    """Pods reach each other directly within a network; nobody is a neighbour of itself."""
    mesh = mixed()

    assert ["west"] == names(mesh.neighbours("east"))
    assert ["east"] == names(mesh.neighbours("west"))
    assert [] == names(mesh.neighbours("north"))


@pytest.mark.parametrize(
    ("form", "crosses"),
    [
        ("primary-remote", False),
        ("primary-remote-two-networks", True),
        ("multi-primary", False),
        ("multi-primary-two-networks", True),
        ("mixed", True),
        ("alone", False),
    ],
)
def test_networks_are_crossed_where_there_is_more_than_one(form: str, crosses: bool) -> None:
    """One network needs no gateway for services, two do."""
    assert crosses is FORMS[form].crosses_networks


@pytest.mark.parametrize(
    ("mesh", "ports"),
    [
        (primary_remote(), {"east": (15012, 15017), "west": ()}),
        (primary_remote_two_networks(), {"east": (15012, 15017, 15443), "west": (15443,)}),
        (multi_primary(), {"east": (), "west": ()}),
        (multi_primary_two_networks(), {"east": (15443,), "west": (15443,)}),
        (mixed(), {"east": (15012, 15017, 15443), "west": (15443,), "north": (15443,)}),
    ],
    ids=lambda value: value.name if isinstance(value, Topology) else "",
)
def test_a_gateway_carries_what_others_need(
    mesh: Topology, ports: dict[str, tuple[int, ...]]
) -> None:
    """It carries istiod for remotes, services where networks are crossed, and else is not there."""
    assert ports == {name: mesh.gateway_ports(name) for name in mesh.names}
    assert {name for name, carried in ports.items() if carried} == {
        name for name in mesh.names if mesh.has_gateway(name)
    }
    assert {name for name, carried in ports.items() if 15012 in carried} == {
        name for name in mesh.names if mesh.exposes_istiod(name)
    }
    assert {name for name, carried in ports.items() if 15443 in carried} == {
        name for name in mesh.names if mesh.exposes_services(name)
    }


def test_a_cluster_of_another_mesh_exposes_nothing() -> None:
    """A name that is not in the topology has no gateway."""
    assert not mixed().exposes_services("elsewhere")


def test_primaries_watch_every_other_cluster() -> None:
    """With remote secrets each primary watches all clusters but itself."""
    mesh = mixed()

    assert ["west", "north"] == names(mesh.watched_by("east"))
    assert ["east", "west"] == names(mesh.watched_by("north"))


def test_with_global_names_primaries_watch_their_remotes_only() -> None:
    """Replicated control planes know nothing of each other's API servers."""
    mesh = mixed(discovery=Discovery.GLOBAL_NAMES)

    assert ["west"] == names(mesh.watched_by("east"))
    assert [] == names(mesh.watched_by("north"))


def test_with_remote_secrets_every_cluster_answers() -> None:
    """A Service name is answered by its pods in all clusters, whoever asks."""
    mesh = mixed()

    assert [{"east", "west", "north"}] * 3 == [set(mesh.answering(name)) for name in mesh.names]


def test_with_global_names_a_cluster_name_stays_with_one_primary() -> None:
    """A Service name is answered by the clusters of the client's own primary only."""
    mesh = mixed(discovery=Discovery.GLOBAL_NAMES)

    assert {
        "east": {"east", "west"},
        "west": {"east", "west"},
        "north": {"north"},
    } == {name: set(mesh.answering(name)) for name in mesh.names}


def test_within_one_namespace_httpbin_has_three_names() -> None:
    """All clusters answer the short, the namespace's and the full one; the local one its own."""
    everywhere = frozenset({"east", "west", "north"})

    assert ("sample",) == mixed().namespaces
    assert {"sleep": "sample", "httpbin": "sample"} == mixed().workloads
    assert {
        "httpbin": everywhere,
        "httpbin.sample": everywhere,
        "httpbin.sample.svc.cluster.local": everywhere,
        "httpbin-local.sample": {"west"},
    } == mixed().reach("west")
    assert "httpbin" == next(iter(mixed().reach("west")))


def test_a_global_name_is_answered_by_the_others_only() -> None:
    """A client of another namespace has no short name; `.global` leads to the other primaries."""
    mesh = mixed(discovery=Discovery.GLOBAL_NAMES)

    assert ("foo", "bar") == mesh.namespaces
    assert {"sleep": "foo", "httpbin": "bar"} == mesh.workloads
    assert {
        "httpbin.bar": {"east", "west"},
        "httpbin.bar.svc.cluster.local": {"east", "west"},
        "httpbin-local.bar": {"west"},
        "httpbin.bar.global": {"north"},
    } == mesh.reach("west")


def test_a_topology_is_a_value() -> None:
    """Equal content is equal, and nothing of it can be changed or added."""
    assert primary_remote() == primary_remote()
    assert primary_remote() != primary_remote(revision="rev")
    with pytest.raises(ValidationError, match="frozen"):
        primary_remote().name = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        primary_remote(colour="red")


@given(any_topology())
def test_roles_divide_the_clusters(mesh: Topology) -> None:
    """Every cluster is primary or remote and never both; every remote is one primary's."""
    served = [each.name for primary in mesh.primaries for each in mesh.remotes_of(primary.name)]

    assert sorted(mesh.names) == sorted([*names(mesh.primaries), *names(mesh.remotes)])
    assert sorted(served) == sorted(names(mesh.remotes))
    assert [] == [each.name for each in mesh.clusters if each.is_primary is each.is_remote]


@given(any_topology())
def test_who_is_reached_holds_for_any_topology(mesh: Topology) -> None:
    """A client is always answered by its own cluster; neighbours are mutual."""
    assert [] == [name for name in mesh.names if name not in mesh.answering(name)]
    pairs = {(name, other.name) for name in mesh.names for other in mesh.neighbours(name)}
    assert pairs == {(other, name) for name, other in pairs}
    assert [] == [name for name, other in pairs if name == other]


@given(any_topology())
def test_nobody_watches_itself(mesh: Topology) -> None:
    """A primary's own cluster needs no remote secret, and its remotes always do."""
    for primary in names(mesh.primaries):
        watched = set(names(mesh.watched_by(primary)))
        assert primary not in watched
        assert set(names(mesh.remotes_of(primary))) <= watched


def test_a_mesh_of_one_cluster_has_nothing_to_join() -> None:
    """Alone, a cluster is a primary without gateway, neighbours or anyone to watch."""
    mesh = topology(("east", "network1", "east"))

    assert not mesh.has_gateway("east")
    assert () == mesh.neighbours("east") == mesh.watched_by("east")
    assert frozenset({"east"}) == mesh.answering("east")
