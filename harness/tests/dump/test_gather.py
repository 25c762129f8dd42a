from base64 import b64encode
from collections.abc import Iterator, Sequence
import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from harness.access import Completed
from harness.dump import gather
from harness.dump.index import Index
from harness.dump.pieces import Events, Told
from harness.dump.redact import WITHHELD
from harness.patience import now
from harness.tests.fakes import FakeKube, FakeMesh, completed, fake_mesh
from harness.tests.topologies import primary_remote
from harness.trust import Authority

EAST, WEST = primary_remote().names
KEY = Authority.make().private_pem.partition("-----END CERTIFICATE-----\n")[2]
WORD = "correct horse battery staple"


def encoded(text: str) -> str:
    """Return a Secret's value as the API has it."""
    return b64encode(text.encode()).decode()


def hold_running(kube: FakeKube, name: str, namespace: str, *, app: str, **state: Any) -> None:
    """Put a pod there that runs a container and a proxy."""
    states = [
        {"name": each, "ready": True, "state": {"running": {}}, **state}
        for each in (app, "istio-proxy")
    ]
    kube.hold(
        "Pod",
        name,
        namespace,
        metadata={"labels": {"app": app}},
        spec={"containers": [{"name": app}]},
        status={"containerStatuses": states, "phase": "Running"},
    )


@pytest.fixture
def fakes() -> FakeMesh:
    """Two clusters with an httpbin each, and a secret that pods of both have logged."""
    fakes = fake_mesh(primary_remote())
    for name, kube in fakes.kubes.items():
        hold_running(kube, f"httpbin-{name}", "sample", app="httpbin", restartCount=1)
        kube.said[f"httpbin-{name}"] = f"ready\nthe word is {WORD}\n{KEY}\nthe end\n"
        kube.said[f"httpbin-{name} before"] = "out of memory\n"
        kube.hold("ConfigMap", "coredns", "kube-system", data={"Corefile": ".:53 {\n}\n"})
        kube.hold("Thing.networking.istio.io/v1", "x", "sample", spec={"word": WORD})

        def answer(argv: Sequence[str], name: str = name) -> Completed:
            return completed(f"{argv[-1]} of {name}")

        kube.answer = answer
    data = {"word": encoded(WORD), "key.pem": encoded(KEY)}
    fakes.kubes[EAST].hold("Secret", "planted", "sample", type="Opaque", data=data)
    fakes.istioctls[EAST].watched = [{"name": EAST, "secret": "", "status": "synced"}]
    fakes.istioctls[EAST].proxies = [{"proxy": "a.sample", "types": {"CDS": "SYNCED"}}]
    return fakes


def texts(folder: Path) -> dict[str, str]:
    """Return every file of a dump by its path."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def errors(index: Index) -> dict[str, str]:
    """Return what is missing, and why."""
    return {f"{each.cluster}/{each.piece}": each.error for each in index.missing}


def test_every_cluster_is_gathered_side_by_side(fakes: FakeMesh, tmp_path: Path) -> None:
    """Objects, logs, proxies, the Corefile and what istiod says, each below its cluster."""
    index = gather.dump(fakes.mesh, tmp_path, cause="test_x\nit is not so")

    found = texts(tmp_path)
    assert {} == errors(index)
    for name in (EAST, WEST):
        pod = f"sample/httpbin-{name}"
        assert f"httpbin-{name}" in found[f"{name}/pods.txt"]
        assert "kind: Pod" in found[f"{name}/pods.yaml"]
        assert ".:53" in found[f"{name}/Corefile"]
        assert "kind: Thing" in found[f"{name}/istio.yaml"]
        assert "the end" in found[f"{name}/logs/{pod}/httpbin.log"]
        assert "out of memory\n" == found[f"{name}/logs/{pod}/httpbin.previous.log"]
        dumped = found[f"{name}/proxies/{pod}/config_dump.json"]
        assert f"config_dump?include_eds of {name}" == dumped
        assert f"clusters of {name}" == found[f"{name}/proxies/{pod}/clusters.txt"]
    assert "synced" in found[f"{EAST}/remote-clusters.txt"]
    assert "SYNCED" in found[f"{EAST}/proxy-status.txt"]
    assert f"{WEST}/remote-clusters.txt" not in found
    assert "it is not so" in found["README.md"]
    written = [size for name, size in sizes(tmp_path).items() if "/" in name]
    assert json.loads(found["index.json"])["bytes"] == index.bytes == sum(written)


def sizes(folder: Path) -> dict[str, int]:
    """Return the size of every file of a dump."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_no_secret_is_in_a_dump(fakes: FakeMesh, tmp_path: Path) -> None:
    """One that lies in a Secret of one cluster, and was logged in both, is in no file at all."""
    assert len(KEY.splitlines()) > 3
    gather.dump(fakes.mesh, tmp_path, cause=f"it said {WORD}")

    found = texts(tmp_path)
    assert "planted" in found[f"{EAST}/secrets.txt"]
    assert "key.pem,word" in found[f"{EAST}/secrets.txt"]
    for name, text in found.items():
        assert WORD not in text, name
        assert encoded(WORD) not in text, name
        assert not [line for line in KEY.splitlines() if line in text], name
    log = found[f"{WEST}/logs/sample/httpbin-{WEST}/httpbin.log"]
    assert f"ready\nthe word is {WITHHELD}\n{WITHHELD}\n\nthe end\n" == log


def test_forms_are_withheld_where_secrets_cannot_be_listed(
    fakes: FakeMesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That they could not is told."""
    held = FakeKube.list

    def refused(self: FakeKube, kind: str, *args: Any, **more: Any) -> Any:
        if kind == "Secret":
            raise OSError("forbidden")
        return held(self, kind, *args, **more)

    monkeypatch.setattr(FakeKube, "list", refused)

    index = gather.dump(fakes.mesh, tmp_path)

    assert errors(index) == {
        f"{name}/{piece}": "forbidden"
        for name in (EAST, WEST)
        for piece in ("its Secrets", "secrets.txt")
    }
    assert "PRIVATE KEY" not in "".join(texts(tmp_path).values())


def test_a_cluster_that_does_not_answer_costs_the_others_nothing(
    fakes: FakeMesh, tmp_path: Path
) -> None:
    """Each of its pieces is a line of the index; the other cluster is there whole."""
    fakes.kubes[WEST].down = True

    index = gather.dump(fakes.mesh, tmp_path)

    assert f"httpbin-{EAST}" in texts(tmp_path)[f"{EAST}/pods.txt"]
    assert {WEST} == {each.cluster for each in index.missing}
    assert "the API server does not answer" == errors(index)[f"{WEST}/pods"]
    assert f"{WEST}/pods: the API server does not answer" in (tmp_path / "README.md").read_text()


def test_a_cluster_that_is_not_there_is_one_line(fakes: FakeMesh, tmp_path: Path) -> None:
    """The set-up may have failed before there was any way into it."""
    del fakes.provider.kubes[WEST]

    index = gather.dump(fakes.mesh, tmp_path)

    assert [f"{WEST}/a way in"] == list(errors(index))
    assert f"httpbin-{EAST}" in texts(tmp_path)[f"{EAST}/pods.txt"]


@pytest.fixture
def hanging(fakes: FakeMesh, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMesh]:
    """A mesh whose istioctl never ends while the test runs."""
    over = Event()

    def hangs(*, timeout: float = 0) -> list[dict[str, str]]:
        del timeout
        over.wait()
        return []

    monkeypatch.setattr(fakes.istioctls[EAST], "remote_clusters", hangs)
    yield fakes
    over.set()


def test_a_piece_that_hangs_takes_its_own_time_only(
    hanging: FakeMesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left behind, told, and all others are there."""
    monkeypatch.setattr(Told, "seconds", 0.2)
    began = now()

    index = gather.dump(hanging.mesh, tmp_path)

    assert now() - began < 10
    assert {f"{EAST}/remote-clusters.txt": "no answer within 0 s"} == errors(index)


def test_the_whole_has_an_end(hanging: FakeMesh, tmp_path: Path) -> None:
    """What was not begun by then is told so, and what was under way is left behind."""
    began = now()

    index = gather.dump(hanging.mesh, tmp_path, seconds=0.5)

    assert now() - began < 5
    assert f"{EAST}/remote-clusters.txt" in errors(index)


def test_nothing_is_asked_for_after_the_end(fakes: FakeMesh, tmp_path: Path) -> None:
    """Every piece is in the index all the same."""
    index = gather.dump(fakes.mesh, tmp_path, seconds=0)

    assert {"not asked for: the time was over"} == set(errors(index).values())
    assert len(index.missing) == len(index.entries) > 20
    assert {"README.md", "index.json"} == set(texts(tmp_path))


def test_a_dump_holds_no_more_than_it_may(fakes: FakeMesh, tmp_path: Path) -> None:
    """What does not fit is left out and told, what is smaller still goes in."""
    index = gather.dump(fakes.mesh, tmp_path, most=500)

    written = sum(size for name, size in sizes(tmp_path).items() if "/" in name)
    assert 0 < written <= 500
    assert index.bytes == written
    assert any("left out: 500 bytes were reached" in each.error for each in index.missing)


def test_a_piece_is_cut_at_its_own_bound(
    fakes: FakeMesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a list of events is what counts."""
    monkeypatch.setattr(Events, "most", 200)
    for n in range(50):
        about = {"kind": "Pod", "name": f"pod-{n}"}
        when = f"2026-11-21T06:00:{n:02}Z"
        fakes.kubes[EAST].hold("Event", f"e{n}", "sample", involvedObject=about, lastTimestamp=when)

    index = gather.dump(fakes.mesh, tmp_path)

    kept = texts(tmp_path)[f"{EAST}/events.txt"]
    assert "pod-49" in kept
    assert "pod-1 " not in kept
    assert errors(index)[f"{EAST}/events.txt"].startswith("cut: its first ")


def test_a_disk_that_is_full_is_a_line_of_the_index(
    fakes: FakeMesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised for a piece that cannot be written."""
    whole = Path.write_bytes

    def full(self: Path, data: Any) -> int:
        if self.name == "Corefile":
            raise OSError(28, "No space left on device")
        return whole(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)

    index = gather.dump(fakes.mesh, tmp_path)

    assert {f"{EAST}/Corefile", f"{WEST}/Corefile"} == set(errors(index))
