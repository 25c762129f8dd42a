from dataclasses import replace
from pathlib import Path

import pytest

from harness.drivers.shell import LocalShell
from harness.engine import doctor
from harness.engine.choose import Choice
from harness.engine.finding import Mark
from harness.engine.host import FEATURES, Host, look
from harness.errors import HostError
from harness.settings import Versions
from harness.tests.engine.test_preflight import GOOD
from harness.tests.engine_parts import ScriptedShell

EMBEDDED = Choice("embedded", "built", "", "")
BARE = replace(GOOD, programs={name: "" for name in GOOD.programs if name != "mmdebstrap"})


def _ready(
    monkeypatch: pytest.MonkeyPatch, shell: ScriptedShell, *hosts: Host, may_install: bool = True
) -> list[str]:
    said: list[str] = []
    seen = iter(hosts)
    monkeypatch.setattr(doctor, "look", lambda _shell, _cache: next(seen))
    doctor.ready(
        shell,
        EMBEDDED,
        versions=Versions(),
        cache=Path("/nowhere"),
        may_install=may_install,
        say=said.append,
    )
    return said


def test_what_is_missing_is_installed_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root on Debian, apt-get installs just what is missing, with a line about it."""
    shell = ScriptedShell()
    assert _ready(monkeypatch, shell, BARE, GOOD) == [
        "installing mmdebstrap (apt-get; --no-install refuses)"
    ]
    assert shell.ran == [
        "apt-get install --yes --quiet --no-install-recommends mmdebstrap",
    ]


def test_old_lists_are_refreshed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When apt does not know a package, its lists are updated and it is tried again."""
    shell = ScriptedShell([("apt-get install", (100, "", "E: Unable to locate package"))])
    with pytest.raises(HostError) as caught:
        _ready(monkeypatch, shell, BARE, BARE)
    assert [line.split()[1] for line in shell.ran] == ["install", "update", "install"]
    assert any("mmdebstrap" in problem for problem in caught.value.problems)
    assert any("Unable to locate package" in problem for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("host", "may_install"),
    [(BARE, False), (replace(BARE, root=False), True), (replace(BARE, apt=False), True)],
)
def test_nothing_is_installed_where_it_may_not(
    monkeypatch: pytest.MonkeyPatch, host: Host, may_install: bool
) -> None:
    """--no-install, another user and another system leave it to the user, who is told what."""
    shell = ScriptedShell()
    with pytest.raises(HostError, match="mmdebstrap"):
        _ready(monkeypatch, shell, host, may_install=may_install)
    assert shell.ran == []


def test_official_images_need_no_build(tmp_path: Path) -> None:
    """Only built images can be missing, and an empty cache has none."""
    assert doctor.is_built(Choice("docker", "upstream", "", ""), Versions(), tmp_path)
    assert not doctor.is_built(EMBEDDED, Versions(), tmp_path)


@pytest.mark.e2e
def test_looking_at_this_machine_leaves_nothing(tmp_path: Path) -> None:
    """Real features are tried in namespaces that are gone, and in a folder that is gone."""
    interfaces = set(Path("/sys/class/net").iterdir())
    host = look(LocalShell(), tmp_path)
    assert host.features == frozenset(FEATURES)
    assert host.disk_free > 0
    assert set(Path("/sys/class/net").iterdir()) == interfaces
    assert list(tmp_path.iterdir()) == []
    findings = doctor.examine(LocalShell(), EMBEDDED, versions=Versions(), cache=tmp_path)
    assert not [finding for finding in findings if finding.mark is Mark.BAD]
