"""The verdict and the totals of a run in words, the same in every view."""

from reports.report import Dump, Report, RunVerdict

_SENTENCES = {
    RunVerdict.PASS: "the mesh holds what was claimed",
    RunVerdict.FAIL: "the mesh failed",
    RunVerdict.INCONCLUSIVE: "it could not be told whether the mesh holds",
    RunVerdict.ENVIRONMENT: "the environment failed: nothing is said against the mesh",
    RunVerdict.BUG: "meshproof itself failed: trust no verdict of this run",
    RunVerdict.INTERRUPTED: "the run was stopped before its end",
    RunVerdict.USAGE: "what was asked for cannot be done",
    RunVerdict.NOTHING_RAN: "nothing was tried: no scenario matched, or none applies",
}


def sentence(report: Report) -> str:
    """Return the verdict as a sentence."""
    return _SENTENCES[report.verdict]


def counted(report: Report) -> str:
    """Return the totals in words, without those that are nought."""
    totals = report.totals
    words = (
        (totals.held, "held"),
        (totals.caught, "fault caught" if totals.caught == 1 else "faults caught"),
        (totals.failed, "failed"),
        (totals.inconclusive, "inconclusive"),
        (totals.missed, "fault missed" if totals.missed == 1 else "faults missed"),
        (totals.untested, "not tested"),
        (totals.not_applicable, "not applicable"),
    )
    return ", ".join(f"{count} {word}" for count, word in words if count) or "no claims"


def dumped(dump: Dump) -> str:
    """Return how large a dump is, with which fault, and how much of it is missing."""
    parts = [f"{dump.bytes / 1e6:.1f} MB in {dump.seconds:.1f} s"]
    parts += [f"with {dump.fault}"] if dump.fault else []
    parts += [f"{dump.missing} pieces missing or cut"] if dump.missing else []
    return ", ".join(parts)
