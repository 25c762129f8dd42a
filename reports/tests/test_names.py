import pytest

from reports.names import sentence, topology_in

PATH = "scenarios/test_traffic.py"


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (f"{PATH}::test_all_hold[mesh]", "all hold"),
        (f"{PATH}::test_all_hold[mesh/a/b]", "all hold (a, b)"),
        (f"{PATH}::test_all_hold", "all hold"),
        (PATH, PATH),
    ],
)
def test_an_id_reads_as_a_sentence(test: str, words: str) -> None:
    """The function's words, and the clusters it is about."""
    assert sentence(test) == words


@pytest.mark.parametrize(
    ("test", "name"),
    [
        (f"{PATH}::test_x[one-two/a]", "one-two"),
        (f"{PATH}::test_x[http-one-two]", "one-two"),
        (f"{PATH}::test_x", ""),
    ],
)
def test_an_id_names_its_topology(test: str, name: str) -> None:
    """The longest known name wins."""
    assert topology_in(test, ("one", "one-two")) == name
