"""A real mesh with secrets in it, broken on purpose: what a dump of it holds, and what it must not.

It needs what `make verify` needs, and a minute or two.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

import pytest

from harness.card import Options
from harness.dump.gather import BYTES, SECONDS, dump
from harness.errors import NotYet, RefusedError
from harness.mesh import SYSTEM, Mesh
from harness.patience import now, until
from harness.perform import Unheard
from harness.run import Run
from harness.topology_file import find
from harness.trust import Authority

pytestmark = pytest.mark.e2e

TOPOLOGY = find("primary-remote")
PRIMARY = TOPOLOGY.primaries[0].name
REMOTE = TOPOLOGY.remotes[0].name
KEY = Authority.make().private_pem.partition("-----END CERTIFICATE-----\n")[2]
WORD = "correct-horse-battery-staple"
SAYS = (
    "echo first; cat /keys/key.pem; base64 /keys/key.pem; echo the word is $WORD; "
    "cat /var/run/secrets/kubernetes.io/serviceaccount/token; echo; echo last; sleep 3600"
)


@pytest.fixture(scope="module")
def mesh() -> Iterator[Mesh]:
    """A mesh in an engine of its own; the runs of others have theirs."""
    run = Run.open(Options(), print)
    try:
        mesh = run.mesh(TOPOLOGY)
        run.bring_up(mesh, Unheard())
        yield mesh
    finally:
        run.close(failed=False)


def planted(image: str) -> list[dict[str, Any]]:
    """Return a Secret, and a pod beside istiod that tells all it knows to its log."""
    metadata = {"name": "planted", "namespace": SYSTEM}
    data = {"key.pem": KEY, "word": WORD}
    variable = {
        "name": "WORD",
        "valueFrom": {"secretKeyRef": {"name": "planted", "key": "word"}},
    }
    container = {
        "name": "says",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", SAYS],
        "env": [variable, {"name": "ITS_PASSWORD", "value": WORD}],
        "volumeMounts": [{"name": "keys", "mountPath": "/keys"}],
    }
    return [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata,
            "data": {name: b64encode(value.encode()).decode() for name, value in data.items()},
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata,
            "spec": {
                "terminationGracePeriodSeconds": 0,
                "containers": [container],
                "volumes": [{"name": "keys", "secret": {"secretName": "planted"}}],
            },
        },
    ]


@pytest.fixture(scope="module")
def broken(mesh: Mesh) -> Mesh:
    """The mesh without its remote secret and without the remote's httpbin; secrets are told."""
    kube = mesh.kube(PRIMARY)
    kube.apply(*planted(mesh.settings.images.sleep))

    def told() -> None:
        try:
            said = kube.logs("planted", SYSTEM, "says")
        except RefusedError as refusal:  # its container does not run yet
            raise NotYet(str(refusal)) from refusal
        if "last" not in said:
            raise NotYet(f"it has said {said!r}")

    until("its pod tells the secrets", told, 60)
    kube.delete("Secret", f"istio-remote-secret-{REMOTE}", SYSTEM)
    mesh.kube(REMOTE).patch(
        "Deployment", "httpbin", {"spec": {"replicas": 0}}, TOPOLOGY.server_namespace
    )

    def forgotten() -> None:
        watched = [row["name"] for row in mesh.istioctl(PRIMARY).remote_clusters()]
        if REMOTE in watched:
            raise NotYet(f"it watches {', '.join(watched)}")
        if left := mesh.kube(REMOTE).list("Pod", TOPOLOGY.server_namespace, selector="app=httpbin"):
            raise NotYet(f"{len(left)} pods of httpbin are there")

    until("the remote is forgotten", forgotten, 60)
    return mesh


@pytest.fixture(scope="module")
def folder(broken: Mesh, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dump of it, within its bounds, nothing missing."""
    folder = tmp_path_factory.mktemp("dump")
    began = now()
    index = dump(broken, folder, cause="it is not so")
    print(f"{len(index.entries)} pieces, {index.bytes} bytes, {index.seconds} s")  # noqa: T201
    assert now() - began < SECONDS
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < BYTES
    assert [] == [each for each in index.missing if each.error]
    return folder


def values(mesh: Mesh) -> Iterator[str]:
    """Yield every secret of the mesh, as it stands in its Secret, decoded, and line by line."""
    for name in mesh.topology.names:
        for secret in mesh.kube(name).list("Secret"):
            for key, encoded in (secret.get("data") or {}).items():
                text = b64decode(encoded).decode(errors="replace")
                if key == "namespace" or ("PRIVATE KEY" not in text and "CERTIFICATE" in text):
                    continue
                lines = [text] if "BEGIN" not in text else text.splitlines()[1:-1]
                yield from (line.strip() for line in (encoded, *lines) if len(line) > 8)


def test_no_secret_of_the_mesh_is_in_the_dump(broken: Mesh, folder: Path) -> None:
    """Neither those that were planted and told nor any other: keys, tokens, kubeconfigs."""
    texts = {path: path.read_text() for path in folder.rglob("*") if path.is_file()}
    wanted = [*values(broken), *KEY.splitlines()[1:-1], WORD, b64encode(KEY.encode()).decode()[:60]]

    assert len(wanted) > 10
    found = [
        (path.name, value[:12]) for path, text in texts.items() for value in wanted if value in text
    ]
    assert found == []
    for path, text in texts.items():
        assert "PRIVATE KEY-----" not in text, path
        assert "eyJhbGci" not in text, path
    log = (folder / PRIMARY / "logs" / SYSTEM / "planted" / "says.log").read_text()
    assert log.startswith("first\n")
    assert "the word is (withheld)" in log
    assert log.endswith("last\n")


def test_what_broke_can_be_seen(folder: Path) -> None:
    """The secret that is gone, the cluster that nobody watches, the workload that nobody wants."""
    secrets = (folder / PRIMARY / "secrets.txt").read_text()
    watched = (folder / PRIMARY / "remote-clusters.txt").read_text()
    workloads = (folder / REMOTE / "workloads.txt").read_text().splitlines()

    assert "planted" in secrets
    assert f"istio-remote-secret-{REMOTE}" not in secrets
    assert PRIMARY in watched
    assert REMOTE not in watched
    assert [row.split()[3] for row in workloads if " httpbin " in row] == ["0/0"]
    page = (folder / "README.md").read_text()
    assert "it is not so" in page
    assert "0/0" in page


def test_both_sides_of_the_path_are_there(folder: Path) -> None:
    """What proxies hold with their endpoints, logs of istiod and gateway, DNS, addresses."""
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def some(cluster: str, end: str) -> list[str]:
        return [name for name in names if name.startswith(f"{cluster}/") and name.endswith(end)]

    for cluster in TOPOLOGY.names:
        dumps = some(cluster, "config_dump.json")
        assert dumps
        kinds = [each["@type"] for each in json.loads((folder / dumps[0]).read_text())["configs"]]
        assert any("EndpointsConfigDump" in kind for kind in kinds)
        for end in ("clusters.txt", "coredns.log", "Corefile", "speaker.log", "metallb.yaml"):
            assert some(cluster, end), (cluster, end)
        assert "IPAddressPool" in (folder / cluster / "metallb.txt").read_text()
    assert some(PRIMARY, "discovery.log")
    assert [name for name in some(PRIMARY, "istio-proxy.log") if "eastwestgateway" in name]
    assert "istiod-gateway" in (folder / PRIMARY / "istio.txt").read_text()
