import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from harness.topology import Discovery, GlobalForm, KeyType, Resolver, Root, Spelling
from harness.topology_file import find, known, load, schema

FOLDER = Path(__file__).parents[3] / "scenarios" / "topologies"
each_shipped = pytest.mark.parametrize("path", known(), ids=lambda path: path.stem)


def test_every_form_of_the_documents_is_shipped() -> None:
    """The shipped topologies are known by name, sorted."""
    assert [path.stem for path in known()] == [
        "anthos-three-clusters",
        "mixed",
        "multi-primary",
        "multi-primary-two-networks",
        "primary-remote",
        "primary-remote-revision",
        "primary-remote-two-networks",
        "primary-remote-value",
        "primary-remote-values",
        "replicated-control-planes",
        "replicated-dns-proxy",
        "replicated-rewrite",
    ]


@each_shipped
def test_a_shipped_topology_is_found_by_its_file_name(path: Path) -> None:
    """Its name is the file's, and it says which document it comes from and what differs."""
    topology = load(path)
    assert find(path.stem) == topology
    assert topology.name == path.stem
    assert any(f"00{number}" in topology.document for number in range(5))


@each_shipped
def test_an_editor_knows_the_schema(path: Path) -> None:
    """Each file begins with the line that leads editors to the schema, and obeys it."""
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    jsonschema.validate(YAML(typ="safe").load(text), schema())


def test_the_committed_schema_is_current() -> None:
    """schema.json is what `schema()` says; if not, write it anew with the text compared here."""
    text = (FOLDER / "schema.json").read_text()
    assert text == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    "keys",
    [
        {"title": "x"},
        {"title": "x", "clusters": []},
        {"title": "x", "clusters": [{"name": "A"}]},
        {"title": "x", "clusters": [{"name": "a", "netwrok": "b"}]},
        {"title": "x", "clusters": [{"name": "a"}], "root": None},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(keys: dict[str, object]) -> None:
    """An editor marks missing, unknown and ill-formed keys as the reader does."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(keys, schema())


def test_the_schema_explains_every_key() -> None:
    """Each key has words that an editor can show."""
    whole = schema()
    for part in (whole, whole["$defs"]["WrittenCluster"]):
        for key in part["properties"].values():
            kind = whole["$defs"].get(key.get("$ref", "").removeprefix("#/$defs/"), {})
            assert key.get("description") or kind.get("description")


def test_the_documents_spellings_are_covered() -> None:
    """Between them the shipped topologies use each spelling, form, resolver and kind of key."""
    topologies = [load(path) for path in known()]
    assert {each.spelling for each in topologies if each.remotes} == set(Spelling)
    assert {each.resolver for each in topologies} == set(Resolver)
    assert {each.key_type for each in topologies if each.root is Root.SHARED} == set(KeyType)
    replicated = [each for each in topologies if each.discovery is Discovery.GLOBAL_NAMES]
    assert {each.global_form for each in replicated} == set(GlobalForm)
    assert any(each.revision for each in topologies if each.remotes)
    assert any(each.crosses_networks for each in topologies if each.remotes)


def test_the_mixed_one_holds_every_relation() -> None:
    """Three clusters: a primary with its remote on one network, a second primary on another."""
    mixed = find("mixed")
    assert [each.name for each in mixed.primaries] == ["primary", "cross-network"]
    assert [each.name for each in mixed.remotes_of("primary")] == ["remote"]
    assert mixed["primary"].network == mixed["remote"].network != mixed["cross-network"].network
