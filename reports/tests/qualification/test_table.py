from reports.qualification.model import QualificationReport, Result
from reports.qualification.table import table
from reports.tests.qualification.documents import cell, istio, qualified

REPORT = qualified(
    istio("1.31.0", cell("mixed"), cell("value", Result.FAIL, "a call was not answered", "x")),
    istio("1.23.8", cell("mixed", Result.INCONCLUSIVE, "the exec stream was lost"), cell("value")),
    istio(
        "1.9.0",
        cell("mixed", Result.UNAVAILABLE, "no registry has it"),
        cell("value", Result.UNAVAILABLE, "no registry has it"),
        cell("old", Result.NOT_APPLICABLE, "it is read from 1.24 on"),
    ),
)


def words(report: QualificationReport) -> list[str]:
    """Return the lines without their styles."""
    return ["".join(span.text for span in line) for line in table(report)]


def test_versions_stand_across_and_topologies_down() -> None:
    """A cell shows how many claims hold, of how many where some do not, or the word for it."""
    assert words(REPORT)[:4] == [
        "topology  1.31.0    1.23.8          1.9.0",
        "mixed     √ 2       ? inconclusive  ? unavailable",
        "value     × 1 of 2  √ 2             ? unavailable",  # noqa: RUF001  # the table's marks
        "old                                 · not applicable",
    ]


def test_each_cell_that_did_not_pass_has_its_reason() -> None:
    """Cells of one version with one and the same reason share it."""
    assert words(REPORT)[5:] == [
        "× Istio 1.31.0, value: failed",  # noqa: RUF001
        "  a call was not answered",
        "? Istio 1.23.8, mixed: inconclusive",
        "  the exec stream was lost",
        "? Istio 1.9.0, mixed, value: unavailable",
        "  no registry has it",
        "· Istio 1.9.0, old: not applicable",
        "  it is read from 1.24 on",
        "FAIL: 2 passed, 1 failed, 1 inconclusive, 2 unavailable, 1 not applicable, 12 s (exit 1)",
    ]


def test_colours_follow_the_results() -> None:
    """What passes is green, what fails red, what is unknown yellow."""
    styles = {span.text.strip(): span.style for line in table(REPORT) for span in line}

    assert styles["√ 2"] == "green"
    assert styles["× 1 of 2"] == "red"  # noqa: RUF001
    assert styles["? unavailable"] == "yellow"


def test_what_stopped_it_is_told() -> None:
    """Just before the verdict."""
    stopped = qualified(istio("1.31.0", cell("mixed")), stopped="by the user")

    assert words(stopped)[-2:] == ["stopped: by the user", "PASS: 1 passed, 12 s (exit 2)"]
