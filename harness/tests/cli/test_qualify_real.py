"""A real matrix: versions that are built, one that cannot be had, one older than a topology."""

from pathlib import Path
import sys

import pytest

from harness.drivers.shell import LocalShell
from reports.cli import RUNS
from reports.qualification import document
from reports.qualification.model import Result
from reports.report import from_json

pytestmark = pytest.mark.e2e

MATRIX = """
title: One that is built, one that cannot be had, one from before the value was read
istio: [1.29.2, 1.99.0, 1.23.8]
topologies: [primary-remote, primary-remote-value]
"""
PASS, UNAVAILABLE = Result.PASS, Result.UNAVAILABLE


def test_a_matrix_is_qualified(tmp_path: Path) -> None:
    """Each cell is what it is, and what it says of its run is in that run's record."""
    (tmp_path / "matrix.yaml").write_text(MATRIX)
    target = tmp_path / "qualification.yaml"
    done = LocalShell().run(
        [
            *(sys.executable, "-c", "from harness.cli import main; main()", "qualify"),
            *("-f", str(tmp_path / "matrix.yaml"), "--into", str(target)),
            *("--engine", "embedded", "--images", "built"),
        ],
        timeout=1700,
        check=False,
    )

    report = document.read(target)
    assert {key: cell.result for key, cell in report.cells.items()} == {
        ("1.29.2", "primary-remote"): PASS,
        ("1.29.2", "primary-remote-value"): PASS,
        ("1.99.0", "primary-remote"): UNAVAILABLE,
        ("1.99.0", "primary-remote-value"): UNAVAILABLE,
        ("1.23.8", "primary-remote"): UNAVAILABLE,
        ("1.23.8", "primary-remote-value"): Result.NOT_APPLICABLE,
    }, done.stdout
    assert (done.code, report.exit_code) == (11, 11)
    built = report.profiles[0]
    record = from_json((RUNS.parents[1] / built.run / "report.json").read_bytes())
    assert built.digests == record.digests
    assert "docker.io/istio/proxyv2:1.29.2" in built.digests
    assert [tool.version for tool in built.tools if tool.name == "istioctl"] == ["1.29.2"]
    assert sum(cell.statistics.passed for cell in built.cells) == record.totals.held
