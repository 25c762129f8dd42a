import json
from pathlib import Path
from typing import Any

import pytest

from harness.drivers.shell import LocalShell
from harness.engine.embedded.capabilities import missing_capabilities
from harness.engine.embedded.daemon import configure
from harness.engine.embedded.layout import Layout
from harness.engine.embedded.runtime import files_named, within_means
from harness.errors import HostError

ABSENT = ("CAP_SYS_RESOURCE",)


def _process() -> dict[str, Any]:
    names = ["CAP_CHOWN", "CAP_SYS_RESOURCE"]
    return {"capabilities": {"bounding": names, "effective": names}, "oomScoreAdj": -999}


def test_no_more_is_asked_than_the_host_can_give() -> None:
    """Absent capabilities leave every set, and a score that needs one of them becomes 0."""
    process = _process()
    within_means(process, set(ABSENT))
    assert process == {
        "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"]},
        "oomScoreAdj": 0,
    }


def test_what_the_host_can_give_stays() -> None:
    """A negative score is left alone where the capability that it needs is there."""
    process = _process()
    within_means(process, {"CAP_SYS_TIME"})
    assert process == _process()
    empty: dict[str, object] = {}
    within_means(empty, set(ABSENT))
    assert empty == {}


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (
            ["--root", "/r", "create", "--bundle", "/b", "--pid-file", "/p", "id"],
            ["/b/config.json"],
        ),
        (["create", "--bundle=/b", "id"], ["/b/config.json"]),
        (["run", "-b", "/b", "id"], ["/b/config.json"]),
        (["exec", "--process", "/x/process.json", "id"], ["/x/process.json"]),
        (["state", "id"], []),
        (["create", "--bundle"], ["config.json"]),
    ],
)
def test_the_files_that_describe_a_process_are_found(
    arguments: list[str], files: list[str]
) -> None:
    """Both spellings of both options are understood."""
    assert files_named(arguments) == files


def test_the_written_runtime_rewrites_and_becomes_runc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file in the engine's folder works by itself, and hands every argument to runc."""
    runc = tmp_path / "bin" / "runc"
    runc.parent.mkdir()
    runc.write_text('#!/bin/sh\necho "$@"\n')
    runc.chmod(0o755)
    monkeypatch.setenv("PATH", f"{runc.parent}:/usr/bin:/bin")
    layout = Layout(tmp_path / "engine")
    layout.folder.mkdir()
    configure(layout, cgroup="meshproof-r1", absent=ABSENT)
    settings = json.loads(layout.configuration.read_text())
    program = settings["runtimes"][settings["default-runtime"]]["path"]
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "config.json").write_text(json.dumps({"process": _process(), "root": {"path": "/"}}))
    said = LocalShell().run([program, "create", "--bundle", str(bundle), "one"], timeout=10)
    assert said.stdout == f"create --bundle {bundle} one\n"
    written = json.loads((bundle / "config.json").read_text())
    assert written["root"] == {"path": "/"}
    assert written["process"]["capabilities"]["effective"] == ["CAP_CHOWN"]


def test_a_host_that_lacks_nothing_keeps_dockers_own_runtime(tmp_path: Path) -> None:
    """The configuration names no runtime, and whatever it has is below the engine's folder."""
    layout = Layout(tmp_path)
    configure(layout, cgroup="meshproof-r1", absent=())
    settings = json.loads(layout.configuration.read_text())
    assert "runtimes" not in settings
    assert settings["cgroup-parent"] == "/meshproof-r1"
    assert settings["hosts"] == [layout.docker_host]
    assert Path(settings["data-root"]).is_relative_to(tmp_path)


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    """The kernel takes 107 bytes, so a deep cache is named before the daemon trips over it."""
    with pytest.raises(HostError, match="set MESHPROOF_CACHE to a shorter one"):
        configure(Layout(tmp_path / ("a" * 100)), cgroup="x", absent=())


def test_missing_capabilities_are_named(tmp_path: Path) -> None:
    """Those the kernel knows and the process has not, whatever bits lie beyond."""
    status, last = tmp_path / "status", tmp_path / "last"
    status.write_text("Name:\tx\nCapEff:\t000001fffeffffff\nSeccomp:\t0\n")
    last.write_text("40\n")
    assert missing_capabilities(status, last) == ("CAP_SYS_RESOURCE",)
    status.write_text("CapEff:\t0000000000000001\n")
    last.write_text("2\n")
    assert missing_capabilities(status, last) == ("CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH")
    status.write_text("CapEff:\tffffffffffffffff\n")
    last.write_text("63\n")
    assert missing_capabilities(status, last) == ()
