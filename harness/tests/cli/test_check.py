from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.engine.owner import Owner
from harness.engine.sweep import Leftover
from harness.tests.cli.conftest import card

Becomes = Callable[..., list[str]]


@pytest.fixture
def up(becomes: Becomes, monkeypatch: pytest.MonkeyPatch) -> Becomes:
    """Have one mesh that is up and kept."""
    owner = Owner.this_process("r1").keeping(datetime.now(UTC) + timedelta(hours=1))
    there = (Leftover("r1", "embedded", owner, ("process 1",)),)
    monkeypatch.setattr("harness.cli.standing.leftovers", lambda _shell: there)
    monkeypatch.setattr("harness.cli.standing._card", card)
    return becomes


def test_check_is_pytest_on_the_mesh_that_is_up(up: Becomes) -> None:
    """Nothing has to be named when there is only one."""
    assert ["--run=r1", "-m", "not prove", "scenarios"] == up("check")[7:]


def test_what_was_chosen_is_handed_on(up: Becomes) -> None:
    """Which claims, whether the mesh is broken too, and pytest's own words."""
    argv = up("check", "--run", "r1", "--prove", "-k", "root", "--", "-vv")

    assert ["--run=r1", "-k", "root", "-vv", "scenarios"] == argv[7:]


def test_a_dump_is_left_out_when_nobody_wants_it(up: Becomes) -> None:
    """Otherwise pytest's own default says so."""
    assert ["--run=r1", "--dump=never"] == up("check", "--dump", "never")[7:9]


def test_clusters_of_the_user_are_named_by_context(becomes: Becomes, tmp_path: Path) -> None:
    """No run of ours is asked for then."""
    kubeconfig = tmp_path / "kubeconfig"
    words = ("--context", "cluster1=a", "--context", "cluster2=b", "--kubeconfig", str(kubeconfig))

    argv = becomes("check", "-t", "multi-primary", *words)

    assert [
        "--topology=multi-primary",
        "--context=cluster1=a",
        "--context=cluster2=b",
        f"--kubeconfig={kubeconfig}",
    ] == argv[7:11]
