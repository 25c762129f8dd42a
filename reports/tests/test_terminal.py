from harness.record import Record
from reports.compose import compose
from reports.matrix import Mark
from reports.report import TestRun
from reports.terminal import Span, summary
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


def lines(records: list[Record], tests: list[TestRun], status: int = 0) -> list[str]:
    """Return the summary as plain text."""
    report = compose(facts(), records, tests, ending(status))
    return ["".join(span.text for span in line).rstrip() for line in summary(report, "runs/r1")]


def test_the_matrix_has_a_row_for_each_source() -> None:
    """Marks and counts stand under the clusters' names."""
    text = lines([set_up(), HELD], ran_all(HELD))
    place = text.index("  from \\ to  cluster1  cluster2")

    assert text[place + 1 : place + 3] == [
        "  cluster1   √ 11      √ 10",
        "  cluster2   ·         ·",
    ]


def test_calls_without_an_answer_have_a_column() -> None:
    """It is there only when there were some."""
    text = lines([set_up(), FAILED], ran_all(FAILED), 1)
    row = next(line for line in text if line.startswith("  cluster2"))

    assert row == f"  cluster2   {Mark.FAILED} 0       {Mark.FAILED} 0       {Mark.FAILED} 21"


def test_a_failure_is_five_lines_under_its_title() -> None:
    """Expected and got, reason, blame, again, evidence."""
    text = lines([set_up(), FAILED], ran_all(FAILED), 1)
    place = text.index(f"{Mark.FAILED} sleep is answered (cluster2) (primary-remote)")

    assert text[place + 1 : place + 6] == [
        "  expected  200 from exactly {cluster1, cluster2}; got: status 503 x21",
        "  reason    a call was not answered: status 503",
        "  blame     the mesh",
        f"  again     pytest '{FAILED.test}'",
        "  evidence  runs/r1/index.html#claim-primary-remote.1",
    ]


def test_phases_tell_where_the_time_went() -> None:
    """One line for each, with start, end and length."""
    text = lines([set_up(), HELD], ran_all(HELD))

    assert "        0.0 →   20.0 s    20.0 s  create … (2 steps)" in text


def test_a_dump_is_named_in_one_line_of_its_topology() -> None:
    """Where it lies, how large it is, and how much of it could not be had."""
    text = lines([set_up(), FAILED, dumped(missing=2)], ran_all(FAILED), 1)

    told = "3.2 MB in 2.8 s, 2 pieces missing or cut"
    assert [f"  dump: runs/r1/primary-remote/dump ({told})"] == [
        line for line in text if "dump" in line
    ]


def test_the_last_words_are_the_verdict_and_where_the_record_lies() -> None:
    """One line says how it ended, the next where to look."""
    assert lines([set_up(), HELD], ran_all(HELD))[-2:] == [
        "PASS: the mesh holds what was claimed — 1 held, 63.2 s (exit 0)",
        "record: runs/r1",
    ]


def test_a_failed_verdict_is_red() -> None:
    """And a passing one is not."""
    report = compose(facts(), [FAILED], ran_all(FAILED), ending(1))
    verdict: Span = list(summary(report, "runs/r1"))[-2][0]

    assert (verdict.text, verdict.style) == ("FAIL: the mesh failed", "red")
