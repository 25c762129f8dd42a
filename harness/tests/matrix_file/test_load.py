import json
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.matrix_file import load, schema
from harness.topology_file import known

SCENARIOS = Path(__file__).parents[3] / "scenarios"
TOP = "title: x\n"
MINE = "title: Mine\nclusters:\n- name: a\n"


def written(folder: Path, text: str) -> Path:
    """Write a matrix file and return its path."""
    path = folder / "matrix.yaml"
    path.write_text(text)
    return path


def test_versions_and_topologies_are_as_written(tmp_path: Path) -> None:
    """In the file's order, topologies that are shipped by name, others by their file."""
    (tmp_path / "mine.yaml").write_text(MINE)
    matrix = load(
        written(tmp_path, f"{TOP}istio: [1.31.0, 1.29.2]\ntopologies: [mixed, mine.yaml]\n")
    )

    assert (matrix.title, matrix.istio) == ("x", ("1.31.0", "1.29.2"))
    assert [(each.topology.name, each.named) for each in matrix.subjects] == [
        ("mixed", "mixed"),
        ("mine", str(tmp_path / "mine.yaml")),
    ]


def test_without_topologies_it_is_every_shipped_one(tmp_path: Path) -> None:
    """A release is qualified for all of them unless said otherwise."""
    matrix = load(written(tmp_path, f"{TOP}istio: [1.32.0-rc.1]\n"))

    assert [each.named for each in matrix.subjects] == [path.stem for path in known()]


PROBLEMS = {
    "": ["1:1: the file is empty: write `title:` and `istio:`"],
    "- a\n": ["1:1: the file holds a list at its top: begin with `title:` and `istio:`"],
    f"{TOP}istio: [1.31.0]\n---\n{TOP}": [
        "3:1: a second document begins: write one matrix in a file"
    ],
    "topologies: [mixed]\n": [
        "1:1: `istio` is missing: list the versions, as in `istio: [1.31.1]`",
        "1:1: `title` is missing: say in a few words what is qualified",
    ],
    f"{TOP}istio: 1.31.0\n": [
        "2:8: `istio` is '1.31.0', not a list: write it as `istio: [1.31.1]`"
    ],
    f"{TOP}istio: []\ntopologies: []\n": [
        "2:8: `istio` is an empty list: name at least one",
        (
            "3:13: `topologies` is an empty list: name at least one, "
            "or leave the key out for every shipped one"
        ),
    ],
    f"{TOP}istio:\n": ["2:1: `istio` has no value: give it one, or leave the key out"],
    f"{TOP}istio: [1.31, v1.31.0, {{a: b}}]\n": [
        "2:9: 1.31, a number is no version of Istio: write three numbers, such as 1.31.1",
        "2:15: 'v1.31.0' is no version of Istio: write three numbers, such as 1.31.1",
        "2:24: a mapping is no version of Istio: write three numbers, such as 1.31.1",
    ],
    f"{TOP}istio: [1.31.0]\ntopology: [mixed]\n": [
        (
            "3:1: key 'topology' is not known: did you mean 'topologies'? "
            "(known: title, istio, topologies)"
        )
    ],
    f"{TOP}istio:\n- 1.31.0\n- 1.31.0\ntopologies: [mixed, mixed, 7]\n": [
        "4:3: version 1.31.0 stands already in line 3: keep one of them",
        "5:21: topology 'mixed' stands already in line 5: keep one of them",
        '5:28: a topology is 7, a number, not text: put it in quotes, "7"',
    ],
    f"{TOP}istio: [1.31.0]\ntopologies: [primry-remote]\n": [
        (
            "3:14: topology 'primry-remote' is not shipped: did you mean 'primary-remote'? "
            "(or give a file's path)"
        )
    ],
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_every_problem_is_said_where_it_stands(tmp_path: Path, text: str) -> None:
    """As file:line:column, all of them at once, each with the way out."""
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load(path)

    assert [f"{path}:{each}" for each in PROBLEMS[text]] == list(caught.value.problems)


def test_problems_of_a_topologys_file_come_along(tmp_path: Path) -> None:
    """With their own places behind the place that names the file."""
    (tmp_path / "mine.yaml").write_text("title: Mine\nclusters: []\n")
    path = written(tmp_path, f"{TOP}istio: [1.31.0]\ntopologies: [mine.yaml, gone.yaml]\n")
    with pytest.raises(UsageError) as caught:
        load(path)

    first, second = caught.value.problems
    assert first.startswith(f"{path}:3:14: {tmp_path}/mine.yaml:2:11: there is no cluster")
    assert second.startswith(f"{path}:3:25: {tmp_path}/gone.yaml: there is no such file")


def test_a_missing_matrix_is_a_wrong_usage(tmp_path: Path) -> None:
    """A folder is none either."""
    with pytest.raises(UsageError, match="there is no such file"):
        load(tmp_path / "gone.yaml")
    with pytest.raises(UsageError, match="a folder, not a matrix file"):
        load(tmp_path)


def test_the_shipped_matrix_can_be_read() -> None:
    """It names its schema for editors."""
    path = SCENARIOS / "matrix.yaml"

    assert load(path).istio
    assert path.read_text().startswith("# yaml-language-server: $schema=matrix.schema.json\n")


def test_the_published_schema_is_current() -> None:
    """matrix.schema.json is what `schema()` says; if not, write it anew with the text here."""
    text = (SCENARIOS / "matrix.schema.json").read_text()

    assert json.dumps(schema(), indent=2) + "\n" == text
