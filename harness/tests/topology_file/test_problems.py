from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.topology_file import load

TOP = "title: x\n"
ONE = f"{TOP}clusters: [{{name: a}}]\n"
TWO = f"{TOP}clusters:\n- {{name: a, network: n1}}\n- {{name: b, network: n2}}\n"
LONG = "a" * 21

FORM: dict[str | bytes, str] = {
    "": "1:1: the file is empty: write `title:` and `clusters:`",
    "# nothing\n": "1:1: the file is empty: write `title:` and `clusters:`",
    "---\n...\n": "1:1: the file is empty: write `title:` and `clusters:`",
    "- name: a\n": "1:1: the file holds a list at its top: begin with `title:` and `clusters:`",
    "primary-remote\n": (
        "1:1: the file holds 'primary-remote' at its top: begin with `title:` and `clusters:`"
    ),
    "title: x\nclusters:\n\t- name: a\n": (
        "3:1: a tab: YAML is indented by spaces, so write spaces"
    ),
    "title: a: b\n": (
        "1:9: not YAML: mapping values are not allowed here: mend the syntax here or just before"
    ),
    f"{ONE}---\n{ONE}": "3:1: a second document begins: write one topology in a file",
    f"title: y\n{ONE}": "2:1: key 'title' stands already in line 1: keep one of them",
    f"? [a]\n: b\n{ONE}": "1:3: a key is a list or a mapping: write a single word",
    b"title: x\nclusters: [{name: \xff}]\n": (
        "2:19: byte 0xFF is not UTF-8: save the file as UTF-8"
    ),
    "title: \x07\n": "1:8: character U+0007 has no place in YAML: take it out",
    "title: x\nclusters: &b\n- *b\n": "2:11: not YAML: an alias stands within its own anchor",
}

VALUES: dict[str | bytes, str] = {
    "clusters: [{name: a}]\n": (
        "1:1: `title` is missing: say in a few words what this topology is"
    ),
    'title: ""\nclusters: [{name: a}]\n': "1:8: `title` is empty: say in a few words",
    TOP: "1:1: `clusters` is missing: list at least one, each beginning with `- name:`",
    f"{TOP}clusters: []\n": "2:11: there is no cluster: list at least one",
    f"{TOP}clusters: {{name: a}}\n": (
        "2:11: `clusters` is a mapping, not a list: begin each cluster with `- name:`"
    ),
    f"{TOP}clusters:\n": "2:1: `clusters` has no value: give it one, or leave the key out",
    f"{TOP}clusters: [a]\n": ("2:12: a cluster is 'a', not keys and values: write `- name: a`"),
    f"{TOP}clusters: [[a]]\n": "2:12: a cluster is a list, not keys and values",
    f"{TOP}clusters:\n- \n": "3:2: a cluster is nothing, not keys and values",
    f"{TOP}clusters: [{{network: a}}]\n": (
        "2:12: `name` is missing: give the cluster a name of its own"
    ),
    f"{TOP}clusters: [{{name: 1}}]\n": "2:19: `name` is 1, a number, not text: put it in quotes,",
    f"{TOP}clusters: [{{name: 2026-11-21}}]\n": "2:19: `name` is 2026-11-21, a date, not text",
    f"{TOP}clusters: [{{name: true}}]\n": "2:19: `name` is true, true or false, not text",
    f"{TOP}clusters: [{{name: [a]}}]\n": (
        "2:19: `name` is a list, not text: write a word or a sentence"
    ),
    f"{TOP}clusters: [{{name: Cluster_1}}]\n": (
        "2:19: `name` is 'Cluster_1': write lower-case letters, digits and hyphens"
    ),
    f"{TOP}clusters: [{{name: -a}}]\n": "2:19: `name` is '-a': write lower-case letters",
    f"{TOP}clusters: [{{name: {LONG}}}]\n": "2:19: `name` has 21 characters: write 20 at most",
    f"{TOP}clusters: [{{name: a, network: N}}]\n": "2:31: `network` is 'N': write lower-case",
    f"{ONE}revison: r\n": "3:1: key 'revison' is not known: did you mean 'revision'? (known:",
    f"{ONE}wholly-other: r\n": "3:1: key 'wholly-other' is not known: take it out (known: title,",
    f"{ONE}7: r\n": "3:1: key '7' is not known: take it out",
    f"{ONE}revision: r.1\n": "3:11: `revision` is 'r.1': write lower-case letters",
    f"{ONE}revision: {LONG * 3}\n": "3:11: `revision` has 63 characters: write 56 at most",
    f"{ONE}root: shard\n": (
        "3:7: `root` is 'shard', which is none of 'own', 'shared': did you mean 'shared'?"
    ),
    f"{ONE}root: 1\n": "3:7: `root` is 1, a number, which is none of 'own', 'shared': choose one",
    f"{ONE}root: !own own\n": "3:7: `root` is own, a value with the tag !own, which is none of",
    f"{ONE}name: A B\n": "3:7: `name` is 'A B': write lower-case letters",
}

RANGES: dict[str | bytes, str] = {
    f"{TOP}clusters: [{{name: a, pods: 10.1.2.3/16}}]\n": (
        "2:28: `pods`: 10.1.2.3/16 has bits set beyond its prefix: write 10.1.0.0/16"
    ),
    f"{TOP}clusters: [{{name: a, pods: here}}]\n": (
        "2:28: `pods`: 'here' is no IPv4 range: write one like 10.10.0.0/16"
    ),
    f"{TOP}clusters: [{{name: a, pods: 'fd00::/64'}}]\n": "2:28: `pods`: 'fd00::/64' is no IPv4",
    f"{TOP}clusters: [{{name: a, services: 10.0.0.0/8}}]\n": (
        "2:32: `services`: 10.0.0.0/8 is too big or too small: write a prefix of /12 to /24"
    ),
    f"{TOP}clusters: [{{name: a, pods: 10.0.0.0/30}}]\n": "2:28: `pods`: 10.0.0.0/30 is too big",
    f"{TOP}clusters: [{{name: a, pods: 172.18.0.0/16}}]\n": (
        "2:28: `pods`: 172.18.0.0/16 overlaps 172.16.0.0/12, the addresses of container networks:"
    ),
    f"{TOP}clusters: [{{name: a, pods: 240.0.0.0/16}}]\n": (
        "2:28: `pods`: 240.0.0.0/16 overlaps 224.0.0.0/3, multicast and"
    ),
    f"{TOP}clusters: [{{name: a, pods: 10.1.0.0/16, services: 10.1.0.0/20}}]\n": (
        "2:51: services 10.1.0.0/20 of a overlap pods 10.1.0.0/16 of a: give each a range"
    ),
    f"{TOP}clusters: [{{name: a, pods: 10.20.0.0/16}}, {{name: b, primary: a}}]\n": (
        "2:28: pods 10.20.0.0/16 of b overlap pods 10.20.0.0/16 of a: give each a range of its own"
    ),
}

WHOLE = {
    f"{TOP}clusters: [{{name: a}}, {{name: a, primary: a}}]\n": (
        "2:30: cluster 'a' is named already by entry 1 of the list: rename one"
    ),
    f"{TOP}clusters: [{{name: east}}, {{name: b, primary: eats}}]\n": (
        "2:45: primary 'eats' is no cluster of this file: did you mean 'east'?"
    ),
    f"{TOP}clusters: [{{name: a}}, {{name: b, primary: xyz}}]\n": (
        "2:42: primary 'xyz' is no cluster of this file: name one of a, b"
    ),
    f"{TOP}clusters: [{{name: a}}, {{name: b, primary: a}}, {{name: c, primary: b}}]\n": (
        "2:65: primary 'b' is a remote itself, so no gateway leads to an istiod (c → b → a): "
        "write `primary: a`"
    ),
    f"{TWO}": "3:1: a, b each run an istiod and would never trust each other: write `root: shared`",
    f"{TWO}root: own\n": "5:7: a, b each run an istiod and would never trust each other:",
    f"{TWO}discovery: global-names\nresolver: stub\n": (
        "5:12: `.global` names lead to another cluster's gateway, which only a shared root trusts:"
    ),
    f"{TWO}root: shared\ndiscovery: global-names\n": (
        "6:12: nobody answers for `.global` names: write `resolver: stub` or `proxy`"
    ),
    f"{TWO}root: shared\ndiscovery: global-names\nresolver: none\n": (
        "7:11: nobody answers for `.global` names: write `resolver: stub` or `proxy`"
    ),
    f"{TWO}- {{name: c, primary: a}}\nroot: shared\ndiscovery: global-names\nresolver: proxy\n": (
        "5:22: `.global` names join control planes, and a remote has none: leave `primary` out"
    ),
    f"{ONE}root: shared\ndiscovery: global-names\nresolver: stub\n": (
        "4:12: `.global` names lead through gateways, and clusters of one network have none:"
    ),
    f"{ONE}root: shared\nresolver: stub\n": (
        "4:11: resolver 'stub' answers for `.global` names, and there are none: write `discovery:"
    ),
    f"{ONE}global_form: twin\n": (
        "3:14: `global_form` says nothing without `discovery: global-names`: add that, or take it"
    ),
    f"{ONE}key_type: rsa\n": "3:11: `key_type` says nothing without `root: shared`: add that,",
    f"{ONE}spelling: value\n": (
        "3:11: `spelling` says nothing without a cluster that names a `primary`: add that,"
    ),
}


def said_of(folder: Path, text: str | bytes) -> list[str]:
    """Return what is said of a file, without its name."""
    path = folder / "mine.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(UsageError) as caught:
        load(path)
    return [each.removeprefix(f"{path}:") for each in caught.value.problems]


ALONE = {**FORM, **VALUES, **RANGES}


@pytest.mark.parametrize(("text", "said"), ALONE.items(), ids=map(repr, ALONE))
def test_a_single_mistake_is_said_once(tmp_path: Path, text: str | bytes, said: str) -> None:
    """One wrong value gives one sentence: the place, what is wrong, the way out."""
    first, *others = said_of(tmp_path, text)
    assert first.startswith(said)
    assert not [each for each in others if "is missing" not in each]


@pytest.mark.parametrize(("text", "said"), WHOLE.items(), ids=map(repr, WHOLE))
def test_what_clashes_is_said_where_it_stands(tmp_path: Path, text: str, said: str) -> None:
    """Values that are right alone and wrong together are said at the one to change."""
    assert any(each.startswith(said) for each in said_of(tmp_path, text))


def test_clusters_that_serve_each_other_are_told_so(tmp_path: Path) -> None:
    """A ring of primaries is shown as a ring, beside the fact that nobody runs an istiod."""
    ring = "clusters: [{name: a, primary: b}, {name: b, primary: c}, {name: c, primary: a}]\n"
    first, *chains = said_of(tmp_path, TOP + ring)
    assert first.startswith("2:11: no cluster runs an istiod: leave `primary` out of at least one")
    assert "(a → b → c → a): leave `primary` out of the one that runs an istiod" in chains[0]
    assert len(chains) == 3


def test_a_21st_cluster_is_refused(tmp_path: Path) -> None:
    """There are ranges for twenty clusters, and the file is told so at the one too many."""
    clusters = "".join(f"- {{name: c{at}, primary: c0}}\n" for at in range(21))
    assert said_of(tmp_path, f"{TOP}clusters:\n{clusters}") == [
        "23:3: 21 clusters: at most 20 have ranges of their own: split the file into two topologies"
    ]


def test_a_missing_name_does_not_make_others_unknown(tmp_path: Path) -> None:
    """Where a name cannot be read, nobody who might mean it is accused of naming nobody."""
    text = f"{TOP}clusters: [{{name: 1}}, {{name: b, primary: one}}]\n"
    assert len(said_of(tmp_path, text)) == 1
