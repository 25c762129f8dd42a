from harness.record import Record
from reports.compare import Change
from reports.compose import compose
from reports.markdown import changes, markdown
from reports.matrix import Mark
from reports.tests.records import (
    dumped,
    ending,
    facts,
    no_answer,
    ran_all,
    reached,
    replies,
    set_up,
)

HELD = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
FAILED = reached("cluster2", no_answer("cluster2", 21))


def test_the_summary_has_verdict_table_and_matrix() -> None:
    """What a CI page shows first."""
    text = markdown(compose(facts(), [set_up(), HELD], ran_all(HELD), ending()))
    lines = text.splitlines()

    assert lines[0] == "## √ pass: the mesh holds what was claimed"
    assert "| primary-remote | 1 of 1 |  |  | 29 s |" in lines
    assert "| cluster1 | √ 11 | √ 10 |" in lines


def test_a_failure_can_be_opened() -> None:
    """Expected, got and the command to run again."""
    text = markdown(compose(facts(), [FAILED], ran_all(FAILED), ending(1)))

    assert f"<summary>{Mark.FAILED} sleep is answered (cluster2)" in text
    assert r"- expected: 200 from exactly \{cluster1, cluster2\}" in text
    assert f"- again: `` pytest '{FAILED.test}' ``" in text


def test_a_dump_is_named() -> None:
    """In one line, with the fault that was in force."""
    records: list[Record] = [FAILED, dumped(fault="gateway of cluster1 down")]
    text = markdown(compose(facts(), records, ran_all(FAILED), ending(1)))

    told = "3.2 MB in 2.8 s, with gateway of cluster1 down"
    assert f"dump of primary-remote: `primary-remote/dump` ({told})" in text.splitlines()


def test_words_from_the_mesh_have_no_meaning_to_markdown() -> None:
    """A table cell stays one cell on one line."""
    change = Change("red", "a|b", "x\ny", "<b>", "`c`")

    assert changes([change]).splitlines()[-1] == r"| red | a\|b | x y | \<b\> | \`c\` |"


def test_equal_runs_are_said_to_be_so() -> None:
    """An empty table would say nothing."""
    assert changes([]) == "nothing differs beyond noise\n"
