from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
import os
from pathlib import Path

import pytest

from harness.engine import sweep
from harness.engine.embedded import golden, namespace, registry, remains
from harness.engine.owner import Owner, State
from harness.engine.sweep import Sweep
from harness.errors import HostError
from harness.tests.engine_parts import ScriptedShell

ALIVE = Owner.this_process("alive")
DEAD = replace(Owner.this_process("dead"), started=0.0)
KEPT = replace(DEAD, run="kept").keeping(datetime.now(UTC) + timedelta(hours=1))
NO_DOCKER = ("docker volume ls", (1, "", "Cannot connect"))


class Places:
    """A fake host: folders in place of /run/netns, /sys/fs/cgroup and the cache."""

    def __init__(self, root: Path) -> None:
        self.cache, self.netns, self.cgroups = (root / n for n in ("cache", "netns", "cgroups"))
        for path in (self.cache / "engines", self.netns, self.cgroups / "pids"):
            path.mkdir(parents=True)

    def engine(self, owner: Owner) -> Path:
        """Leave what an engine of the owner leaves."""
        folder = self.cache / "engines" / owner.run
        folder.mkdir()
        owner.write(folder / "owner.json")
        (self.netns / f"meshproof-{owner.run}").touch()
        (self.cgroups / "pids" / f"meshproof-{owner.run}").mkdir()
        return folder


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Return a fake host that sweeping looks at."""
    found = Places(tmp_path)
    monkeypatch.setattr(sweep, "NAMED", found.netns)
    monkeypatch.setattr(remains, "NAMED", found.netns)
    monkeypatch.setattr(namespace, "NAMED", found.netns)
    monkeypatch.setattr(remains, "CGROUPS", found.cgroups)
    monkeypatch.setattr(sweep, "registered", dict)
    monkeypatch.setattr(sweep, "restore_limits", lambda: None)
    monkeypatch.setattr(remains, "forget", lambda _run: None)
    return found


def test_each_run_is_listed_with_its_owner_and_all_it_has(places: Places) -> None:
    """The living, the kept and the dead are told apart; only the dead are abandoned."""
    for owner in (ALIVE, DEAD, KEPT):
        places.engine(owner)
    (places.cache / "nodes" / "dead").mkdir(parents=True)
    found = Sweep(cache=places.cache, shell=ScriptedShell([NO_DOCKER])).leftovers()
    assert {each.run: (each.state, each.abandoned) for each in found} == {
        "alive": (State.RUNNING, False),
        "dead": (State.DEAD, True),
        "kept": (State.KEPT, False),
    }
    (dead,) = (each for each in found if each.run == "dead")
    assert dead.holds == (
        f"cgroup {places.cgroups / 'pids' / 'meshproof-dead'}",
        "network namespace meshproof-dead",
        f"folder {places.cache / 'nodes' / 'dead'}",
        f"folder {places.cache / 'engines' / 'dead'}",
    )
    assert str(dead).startswith(f"run dead (embedded, dead, pid {DEAD.pid} on ")


def test_a_piece_of_an_engine_is_enough_to_be_found(places: Places) -> None:
    """A namespace or a cgroup alone names a dead run; what only looks alike names none."""
    (places.netns / "meshproof-r1").touch()
    (places.cgroups / "meshproof-r2").mkdir()
    for name in ("meshproof", "meshproof-A", "my-meshproof-r3", "meshproof-a-b"):
        (places.netns / name).touch()
    found = Sweep(cache=places.cache, shell=ScriptedShell([NO_DOCKER])).leftovers()
    assert [(each.run, each.owner, each.state) for each in found] == [
        ("r1", None, State.DEAD),
        ("r2", None, State.DEAD),
    ]


def test_an_engine_with_another_cache_is_found_through_the_registry(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A namespace of a run that lives elsewhere is not taken for dead."""
    elsewhere = tmp_path / "elsewhere" / "engines" / "far"
    elsewhere.mkdir(parents=True)
    replace(ALIVE, run="far").write(elsewhere / "owner.json")
    (places.netns / "meshproof-far").touch()
    monkeypatch.setattr(sweep, "registered", lambda: {"far": elsewhere})
    (found,) = Sweep(cache=places.cache, shell=ScriptedShell([NO_DOCKER])).leftovers()
    assert found.state is State.RUNNING


def test_runs_on_a_docker_are_found_by_their_mark(places: Places) -> None:
    """A volume of ours makes a run, with the containers of its clusters; nothing else does."""
    volume = {"Name": "meshproof-dead", "Labels": DEAD.labels()}
    shell = ScriptedShell(
        [
            ("docker volume ls", (0, "meshproof-dead\n", "")),
            ("docker volume inspect", (0, json.dumps([volume]), "")),
            ("docker ps", (0, "mp-dead-x-a-cp\tmp-dead-x-a\nmp-other-x-a-cp\tmp-other-x-a\n", "")),
        ]
    )
    swept = Sweep(cache=places.cache, shell=shell).put_away_abandoned()
    assert [each.holds for each in swept] == [("volume meshproof-dead", "container mp-dead-x-a-cp")]
    removed = [line for line in shell.ran if " rm " in line]
    assert removed == [
        "docker rm --force --volumes mp-dead-x-a-cp",
        "docker volume rm --force meshproof-dead",
    ]


def test_sweeping_puts_away_the_abandoned_alone(places: Places) -> None:
    """What is alive or kept stays; claims whose maker is gone go."""
    for owner in (ALIVE, DEAD, KEPT):
        places.engine(owner)
    (places.cache / "engines" / ".half.4194304").mkdir()
    shell = ScriptedShell([NO_DOCKER])
    Sweep(cache=places.cache, shell=shell).put_away_abandoned()
    removed = [line for line in shell.ran if line.startswith("rm ")]
    assert removed == [
        f"rm -rf --one-file-system {places.cache / 'engines' / 'dead'}",
        f"rm -rf {places.cache / 'engines' / '.half.4194304'}",
    ]
    assert "ip netns delete meshproof-dead" in shell.ran
    assert not (places.cgroups / "pids" / "meshproof-dead").exists()
    assert (places.cgroups / "pids" / "meshproof-kept").is_dir()


def test_a_data_root_whose_maker_was_killed_goes(places: Places) -> None:
    """A half-made one goes when nobody holds the lock; a whole one stays."""
    (places.cache / "docker-roots" / "abc.part").mkdir(parents=True)
    (places.cache / "docker-roots" / "def").mkdir()
    assert golden.unfinished(places.cache) == [places.cache / "docker-roots" / "abc.part"]
    shell = ScriptedShell([NO_DOCKER])
    Sweep(cache=places.cache, shell=shell).put_away_abandoned()
    assert f"rm -rf --one-file-system {places.cache / 'docker-roots' / 'abc.part'}" in shell.ran
    assert not any("docker-roots/def" in line for line in shell.ran)


def test_folders_of_forgotten_runs_go_after_a_day(places: Places) -> None:
    """Only those that no engine and no mark speaks for, and only once they are old."""
    places.engine(KEPT)
    for name in ("old", "young", "kept"):
        folder = places.cache / "nodes" / name
        folder.mkdir(parents=True)
        if name != "young":
            os.utime(folder, (0, 0))
    shell = ScriptedShell([NO_DOCKER])
    Sweep(cache=places.cache, shell=shell).put_away_abandoned()
    removed = [line for line in shell.ran if line.startswith("rm ")]
    assert removed == [f"rm -rf {places.cache / 'nodes' / 'old'}"]


def test_the_registry_knows_each_run_once(tmp_path: Path) -> None:
    """A second engine of the same name is refused; a forgotten one is free again."""
    place = tmp_path / "registry"
    registry.register("r1", tmp_path / "a", place)
    with pytest.raises(HostError, match="has an engine already"):
        registry.register("r1", tmp_path / "b", place)
    assert registry.registered(place) == {"r1": tmp_path / "a"}
    registry.forget("r1", place)
    registry.forget("r1", place)
    assert registry.registered(place) == {}
