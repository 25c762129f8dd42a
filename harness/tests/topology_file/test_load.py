from contextlib import suppress
from ipaddress import IPv4Network
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from harness.errors import UsageError
from harness.topology import Cluster, Discovery, KeyType, Resolver, Root, Spelling, Topology
from harness.topology_file import find, load
from harness.topology_file.ranges import default_ranges


def written(folder: Path, text: str | bytes, name: str = "mine.yaml") -> Path:
    """Write a topology file and return its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(folder: Path, text: str | bytes, name: str = "mine.yaml") -> list[str]:
    """Return the problems of a file, each without the file's name."""
    path = written(folder, text, name)
    with pytest.raises(UsageError) as caught:
        load(path)
    assert all(each.startswith(f"{path}:") for each in caught.value.problems)
    return [each.removeprefix(f"{path}:") for each in caught.value.problems]


def test_what_is_left_out_follows_from_the_rest(tmp_path: Path) -> None:
    """A title and two names make a topology; network, primary, ranges and name have defaults."""
    path = written(tmp_path, "title: Mine\nclusters:\n- name: a\n- {name: b, primary: a}\n")
    assert load(path) == Topology(
        name="mine",
        title="Mine",
        clusters=(
            Cluster(
                name="a",
                network="network1",
                primary="a",
                pods=IPv4Network("10.10.0.0/16"),
                services=IPv4Network("10.110.0.0/16"),
            ),
            Cluster(
                name="b",
                network="network1",
                primary="a",
                pods=IPv4Network("10.20.0.0/16"),
                services=IPv4Network("10.120.0.0/16"),
            ),
        ),
    )


def test_what_is_written_is_taken_as_written(tmp_path: Path) -> None:
    """Every key of the file arrives in the topology, whatever the file is called."""
    path = written(
        tmp_path,
        """
title: "Two: mine"
name: other-name
document: "004"
clusters:
  - {name: a, network: net-a, pods: 192.168.0.0/17, services: 192.168.128.0/17}
  - {name: "2", network: net-b}
revision: r-1
root: shared
key_type: rsa
discovery: global-names
global_form: rewrite
resolver: stub
""",
        name="Any name at all.yml",
    )
    topology = load(path)
    assert (topology.name, topology.title, topology.document) == ("other-name", "Two: mine", "004")
    assert topology.names == ("a", "2")
    assert topology.networks == ("net-a", "net-b")
    assert str(topology["a"].pods) == "192.168.0.0/17"
    assert str(topology["a"].services) == "192.168.128.0/17"
    assert (topology.revision, topology.root, topology.key_type) == ("r-1", "shared", "rsa")
    assert (topology.discovery, topology.global_form) == ("global-names", "rewrite")
    assert topology.resolver is Resolver.STUB


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    """Mistakes of every kind in one file are all reported, in the order they stand in it."""
    text = """\
titel: x
clusters:
  - {name: cluster1, netwrok: a, pods: 10.1.2.3/16}
  - {name: cluster1, primary: cluster3}
  - {name: cluster3, primary: cluster2, pods: 172.18.0.0/16}
  - {name: 12, primary: Foo}
  - {pods: 10.10.0.0/16, pods: 10.0.0.0/24}
root: shred
revision:
resolver: stub
"""
    places = [each.split(" ", 1)[0] for each in problems(tmp_path, text)]
    assert places == [
        "1:1:",  # title is missing
        "1:1:",  # titel is not known
        "3:22:",  # netwrok
        "3:40:",  # bits beyond the prefix
        "4:12:",  # cluster1 again
        "4:31:",  # a primary that is a remote
        "5:47:",  # container networks
        "6:12:",  # a number for a name
        "6:25:",  # an upper-case letter
        "7:5:",  # no name
        "7:26:",  # pods twice
        "8:7:",  # shred
        "9:1:",  # nothing
        "10:11:",  # nothing to resolve
    ]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    """A path where nothing is, or where a folder is, is a usage error with the way out."""
    with pytest.raises(UsageError, match=r"none\.yaml: there is no such file: check the path"):
        load(tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="a folder, not a topology file"):
        load(tmp_path)


def test_a_file_name_that_cannot_be_a_name_is_refused(tmp_path: Path) -> None:
    """A topology named after its file needs a file whose name fits test ids."""
    text = "title: x\nclusters: [{name: a}]\n"
    said = "1:1: the file's name 'My Mesh' is no usable name: write `name:`, or rename the file"
    assert problems(tmp_path, text, name="My Mesh.yaml") == [said]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("primary-remot", "did you mean 'primary-remote'?"),
        ("xyz", "choose one of anthos-three-clusters, mixed,"),
        ("no/such/file", "there is no such file"),
        ("nothing.yaml", "there is no such file"),
    ],
)
def test_a_typo_is_met_with_the_nearest_name(wanted: str, said: str) -> None:
    """A name that is not shipped is answered with the nearest, or with all there are."""
    with pytest.raises(UsageError) as caught:
        find(wanted)
    assert said in str(caught.value)


def test_a_path_is_found_as_well_as_a_name(tmp_path: Path) -> None:
    """A user's own file is named by its path."""
    path = written(tmp_path, "title: Mine\nclusters: [{name: a}]\n")
    assert find(str(path)).name == "mine"


LABELS = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,6}[a-z0-9])?", fullmatch=True)


@st.composite
def topologies(draw: st.DrawFn) -> Topology:
    """Draw a topology that can be used: primaries, and remotes of them, on any networks."""
    names = draw(st.lists(LABELS, min_size=1, max_size=8, unique=True))
    primaries = names[: draw(st.integers(1, len(names)))]
    clusters = []
    for position, name in enumerate(names, start=1):
        pods, services = default_ranges(position)
        clusters.append(
            Cluster(
                name=name,
                network=draw(LABELS),
                primary=name if name in primaries else draw(st.sampled_from(primaries)),
                pods=pods,
                services=services,
            )
        )
    shared = len(primaries) > 1 or draw(st.booleans())
    return Topology(
        name=draw(LABELS),
        title=draw(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1)),
        clusters=tuple(clusters),
        spelling=draw(st.sampled_from(Spelling)) if len(primaries) < len(names) else "environment",
        revision=draw(st.just("") | LABELS),
        root=Root.SHARED if shared else Root.OWN,
        key_type=draw(st.sampled_from(KeyType)) if shared else KeyType.EC,
        discovery=Discovery.REMOTE_SECRETS,
        resolver=draw(st.sampled_from([Resolver.NONE, Resolver.PROXY])),
    )


@given(topologies())
@settings(deadline=None, max_examples=60)
def test_a_topology_written_out_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, topology: Topology
) -> None:
    """Reading gives back what was written, for every topology that can be used."""
    keys = topology.model_dump(mode="json", exclude_defaults=True)
    path = written(
        tmp_path_factory.mktemp("any"), json.dumps(keys, ensure_ascii=False)
    )  # JSON is YAML
    assert load(path) == topology


@given(st.text() | st.binary())
@settings(deadline=None, max_examples=200)
def test_no_file_whatever_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    """Whatever a file holds, the worst that comes is a usage error that names a place in it."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    assert problems(tmp_path_factory.mktemp("any"), raw)


SOUP = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab1-/.", max_size=6) | LABELS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "clusters", "name", "network", "primary", "pods", "root"])
            | st.text("ab", max_size=3),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(SOUP)
@settings(deadline=None, max_examples=200)
def test_no_structure_whatever_breaks_the_rules(
    tmp_path_factory: pytest.TempPathFactory, soup: object
) -> None:
    """Keys and values in any wrong arrangement end in a topology or in a usage error."""
    path = written(tmp_path_factory.mktemp("any"), json.dumps(soup))
    with suppress(UsageError):
        assert load(path).clusters
