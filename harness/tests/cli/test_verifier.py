from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from harness.card import Options
from harness.cli import verifier as module
from harness.cli.verifier import LocalVerifier, chosen
from harness.engine import Stack, Tools
from harness.engine.choose import Choice
from harness.errors import CommandError, UsageError
from harness.settings import Images, Versions
from reports.report import Report, to_json
from reports.tests.whole import big

EMBEDDED = Choice("embedded", "built", engine_reason="asked", images_reason="asked")
UPSTREAM = replace(EMBEDDED, engine="docker", images="upstream")


class FakeShell:
    """Remembers what it was asked; `attend` does what it is told to."""

    def __init__(self, runs: Path) -> None:
        self.runs = runs
        self.attended: list[str] = []
        self.ran: list[tuple[str, ...]] = []
        self.refuses = ""
        self.report: Report | None = None
        self.stopped = False

    def attend(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
        """Leave a record under the name that was asked for, as `verify` does."""
        del env
        self.attended = list(argv)
        if self.report is not None:
            folder = self.runs / self.attended[-1].removeprefix("--run-name=")
            folder.mkdir(parents=True)
            (folder / "report.json").write_text(to_json(self.report))
        if self.stopped:
            raise KeyboardInterrupt
        return 1

    def run(self, argv: Sequence[str], **_options: Any) -> None:
        """Refuse the one image that it is told to."""
        self.ran.append(tuple(argv))
        if self.refuses and self.refuses in argv[-1]:
            raise CommandError(argv, where="here", code=1, stdout="", stderr="x\nno such manifest")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeShell:
    """Return a shell whose runs are left in a folder of the test's own."""
    runs = tmp_path / "reports" / "runs"
    monkeypatch.setattr(module, "RUNS", runs)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setenv("MESHPROOF_CACHE", str(tmp_path / "cache"))
    return FakeShell(runs)


def local(shell: FakeShell, choice: Choice = EMBEDDED, *more: str) -> LocalVerifier:
    """Return the verifier on this shell."""
    return LocalVerifier(choice, shell, str, install=False, more=more)  # type: ignore[arg-type]


def test_a_version_is_verified_by_the_verb_itself(shell: FakeShell) -> None:
    """In a process of its own, on the engine and the images that all versions share."""
    shell.report = big(1)
    done = local(shell, EMBEDDED, "--prove").verify("1.29.2", ["mixed", "/x/mine.yaml"])

    assert done.command == (
        "meshproof verify --istio-version 1.29.2 --prove --engine embedded --images built "
        "-t mixed -t /x/mine.yaml"
    )
    assert shell.attended[3:-2] == done.command.split()[1:]
    assert shell.attended[-2] == "--"
    assert done.run == f"reports/runs/{shell.attended[-1].removeprefix('--run-name=')}"
    assert (done.code, done.report, done.stopped) == (1, shell.report, False)


def test_a_run_that_left_nothing_has_no_report(shell: FakeShell) -> None:
    """Its exit code is all there is."""
    assert local(shell).verify("1.29.2", ["mixed"]).report is None


def test_a_run_that_was_stopped_still_has_its_report(shell: FakeShell) -> None:
    """What it judged before stands in it."""
    shell.report, shell.stopped = big(1), True
    done = local(shell).verify("1.29.2", ["mixed"])

    assert (done.stopped, done.report) == (True, shell.report)


def fake_stack(folder: Path, versions: Versions) -> Stack:
    """Return a stack whose tools are small files, one of them not built by us."""
    files = {}
    for name in ("kind", "kubectl", "istioctl", "metallb"):
        place = folder / ("elsewhere" if name == "kind" else "cache") / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(name)
        files[name] = place
    return Stack(
        tools=Tools(**files),
        images=Images(),
        versions=versions,
        upstream_envoy=True,
        containerd_root=None,
        node_archive=None,
        digests={},
    )


def test_tools_are_told_with_their_digests(
    shell: FakeShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a tool that was on PATH only the digest is sure."""
    monkeypatch.setattr(
        module, "prepare", lambda _choice, versions, *_, **__: fake_stack(tmp_path, versions)
    )
    kind, kubectl, istioctl, metallb = local(shell).obtain("1.29.2")

    assert (kind.version, kubectl.version) == ("as on PATH", Versions().kubernetes)
    assert (istioctl.version, metallb.version) == ("1.29.2", Versions().metallb)
    assert istioctl.digest == f"sha256:{sha256(b'istioctl').hexdigest()}"
    assert shell.ran == []


def test_official_images_must_be_there_to_be_pulled(
    shell: FakeShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both of them, before any cluster is made; what Docker says of them is the cause."""
    monkeypatch.setattr(
        module, "prepare", lambda _choice, versions, *_, **__: fake_stack(tmp_path, versions)
    )
    local(shell, UPSTREAM).obtain("1.31.1")
    assert [argv[-1] for argv in shell.ran] == [
        "docker.io/istio/pilot:1.31.1",
        "docker.io/istio/proxyv2:1.31.1",
    ]

    shell.refuses = "proxyv2"
    with pytest.raises(UsageError, match=r"proxyv2:1\.99\.0: no such manifest"):
        local(shell, UPSTREAM).obtain("1.99.0")


def test_a_version_that_no_registry_serves_is_unavailable(shell: FakeShell) -> None:
    """It is said before anything is looked at or built."""
    with pytest.raises(UsageError, match=r"istio 1\.99\.0: no registry serves"):
        local(shell).obtain("1.99.0")


def test_the_machine_is_looked_at_for_a_version_that_can_be_had(
    shell: FakeShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not at all where there is none: that is the versions' fault, not the machine's."""
    looked: list[Versions] = []
    monkeypatch.setattr(module, "choose", lambda *_, **__: EMBEDDED)
    monkeypatch.setattr(module, "ready", lambda *_, versions, **__: looked.append(versions))
    said: list[str] = []

    for istio in (["1.99.0", "1.29.2", "1.31.1"], ["1.99.0"]):
        assert chosen(shell, istio, Options(), said.append) is EMBEDDED  # type: ignore[arg-type]

    assert [each.istio for each in looked] == ["1.29.2"]
    assert said[:2] == list(EMBEDDED.lines)
