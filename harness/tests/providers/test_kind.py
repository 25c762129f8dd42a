from ipaddress import IPv4Network
import json
from pathlib import Path

import pytest
import yaml

from harness.drivers.shell import LocalShell
from harness.drivers.transcript import Transcript
from harness.engine import Stack, Tools
from harness.engine.owner import Owner
from harness.errors import HostError, NotYet
from harness.providers.containerd_root import clone_containerd_root
from harness.providers.kind import KindProvider, kind_name
from harness.settings import Images, Versions
from harness.topology import Cluster, Topology


def _cluster(number: int, network: str = "network1") -> Cluster:
    return Cluster(
        name=f"cluster{number}",
        network=network,
        primary="cluster1",
        pods=IPv4Network(f"10.{number}0.0.0/16"),
        services=IPv4Network(f"10.1{number}0.0.0/16"),
    )


TOPOLOGY = Topology(
    name="flat",
    title="flat",
    clusters=(_cluster(1), _cluster(2), _cluster(3, network="network2")),
)


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """A containerd root with a database and a layer."""
    root = tmp_path / "golden"
    (root / "bolt").mkdir(parents=True)
    (root / "bolt" / "meta.db").write_text("database")
    (root / "layers" / "1").mkdir(parents=True)
    (root / "layers" / "1" / "file").write_text("layer")
    return root


@pytest.fixture
def provider(tmp_path: Path, golden: Path) -> KindProvider:
    """A provider whose kind and docker are stand-ins: clusters are lines of a file."""
    tools = tmp_path / "bin"
    tools.mkdir()
    there = tmp_path / "containers"
    there.touch()
    network = [{"Id": "abc", "IPAM": {"Config": [{"Subnet": "172.18.0.0/16"}]}}]
    scripts = {
        "kind": f"""
case "$1" in
create) name=${{4#--name=}}; printf '%s\\t%s\\n' $name-control-plane $name >> {there}
  touch ${{7#--kubeconfig=}}; [ ! -e {tmp_path}/broken ] || {{ echo boom >&2; exit 1; }};;
export) mkdir -p $3; echo why > $3/kubelet.log;;
esac""",
        "docker": f"""
case "$1" in
network) echo '{json.dumps(network)}';;
ps) cat {there};;
rm) > {there};;
esac""",
    }
    for name, script in scripts.items():
        (tools / name).write_text(f"#!/bin/bash\n{script}\n")
        (tools / name).chmod(0o755)
    stack = Stack(
        tools=Tools(tools / "kind", tools / "kubectl", tools / "istioctl", tools / "metallb"),
        images=Images(),
        versions=Versions(),
        upstream_envoy=True,
        containerd_root=golden,
        node_archive=None,
        digests={},
    )
    return KindProvider(
        TOPOLOGY,
        owner=Owner.this_process("r1"),
        stack=stack,
        shell=LocalShell(environment={"PATH": f"{tools}:/usr/bin:/bin"}),
        folder=tmp_path / "private",
        state=tmp_path / "state",
        transcript=Transcript(tmp_path / "run"),
    )


def test_names_are_unique_to_run_topology_and_cluster() -> None:
    """The same cluster of another run or topology has another name."""
    names = {kind_name("r1", "flat", "c"), kind_name("r2", "flat", "c"), kind_name("r1", "x", "c")}
    assert len(names) == 3
    assert all(name.startswith("mp-r") for name in names)


def test_no_name_outgrows_a_host_name() -> None:
    """Long names are cut, and stay apart."""
    long = "a-cluster-with-a-name-as-long-as-they-come-"
    names = [kind_name("r" * 20, "flat", f"{long}{number}") for number in range(2)]
    assert names[0] != names[1]
    assert all(len(f"{name}-control-plane") <= 63 for name in names)


def test_a_node_finds_its_network_its_rules_and_its_images(
    provider: KindProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The configuration mounts all of them, and a clone of the images of its own."""
    monkeypatch.setattr(provider, "_see_ready", lambda _cluster: None)
    provider.create(TOPOLOGY["cluster1"])
    config = yaml.safe_load((tmp_path / "run" / "nodes" / "cluster1" / "kind.yaml").read_text())
    (node,) = config["nodes"]
    mounts = {each["containerPath"]: Path(each["hostPath"]) for each in node["extraMounts"]}
    assert set(mounts) == {
        "/etc/cni/net.d/10-meshproof.conflist",
        "/etc/meshproof/rules",
        "/etc/systemd/system/containerd.service.d/20-meshproof.conf",
        "/var/lib/containerd",
    }
    assert all(path.exists() for path in mounts.values())
    rules = mounts["/etc/meshproof/rules"].read_text()
    assert "-d 10.20.0.0/16 -j RETURN" in rules  # the neighbour
    assert "10.30.0.0/16" not in rules  # another network
    assert node["labels"]["meshproof.dev/run"] == "r1"
    assert config["networking"]["podSubnet"] == "10.10.0.0/16"


def test_a_clone_shares_layers_and_no_database(golden: Path, tmp_path: Path) -> None:
    """Layers are the same files, databases are not."""
    clone = tmp_path / "clone"
    clone_containerd_root(LocalShell(), golden, clone)
    assert (clone / "layers/1/file").samefile(golden / "layers/1/file")
    assert not (clone / "bolt/meta.db").samefile(golden / "bolt/meta.db")
    assert (clone / "bolt/meta.db").read_text() == "database"


def test_deleting_leaves_nothing(
    provider: KindProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Container, clone, kubeconfig and claim go; a second time changes nothing."""
    monkeypatch.setattr(provider, "_see_ready", lambda _cluster: None)
    provider.pools(TOPOLOGY, 16)
    for cluster in TOPOLOGY.clusters:
        provider.create(cluster)
    for _ in range(2):
        for cluster in TOPOLOGY.clusters:
            provider.delete(cluster.name)
    assert (tmp_path / "containers").read_text() == ""
    assert not list((tmp_path / "state").rglob("layers"))
    assert not list((tmp_path / "state").rglob("*.json"))
    assert list((tmp_path / "private").iterdir()) == []
    assert list((tmp_path / "state" / "nodes").iterdir()) == []


def test_what_failed_is_put_away_and_its_logs_stay(provider: KindProvider, tmp_path: Path) -> None:
    """When kind fails its words are raised, the logs are kept and no container is left."""
    (tmp_path / "broken").touch()
    with pytest.raises(HostError, match=r"cluster1: (?s:.*)boom(?s:.*)logs: .*cluster1/logs"):
        provider.create(TOPOLOGY["cluster1"])
    assert (tmp_path / "containers").read_text() == ""
    assert (tmp_path / "run" / "nodes" / "cluster1" / "logs" / "kubelet.log").read_text() == "why\n"


def test_pools_lie_apart_in_the_network_that_is_there(provider: KindProvider) -> None:
    """Every cluster has its own addresses, and the same ones when it asks again."""
    pools = provider.pools(TOPOLOGY, 16)
    assert list(pools) == ["cluster1", "cluster2", "cluster3"]
    ranges = list(pools.values())
    assert all(each.last in IPv4Network("172.18.0.0/16") for each in ranges)
    assert not any(a.overlaps(b) for a in ranges for b in ranges if a is not b)
    assert provider.pools(TOPOLOGY, 16) == pools


def test_a_cluster_that_is_whole_is_left_alone(
    provider: KindProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Created twice, kind is asked once."""
    monkeypatch.setattr(provider, "_see_ready", lambda _cluster: None)
    provider.create(TOPOLOGY["cluster1"])
    provider.create(TOPOLOGY["cluster1"])

    assert 1 == len((tmp_path / "containers").read_text().splitlines())


@pytest.mark.parametrize("cut_off", ["before kind had ended", "before its node was ready"])
def test_a_cluster_that_is_not_whole_is_made_anew(
    provider: KindProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_off: str
) -> None:
    """What a run that was cut off has left is removed first."""
    name = provider.kind_name("cluster1")
    (tmp_path / "containers").write_text(f"half-made\t{name}\n")
    looks = iter([NotYet("not Ready")] * (cut_off == "before its node was ready"))
    if cut_off == "before its node was ready":
        provider.kubeconfig("cluster1").parent.mkdir(parents=True)
        provider.kubeconfig("cluster1").touch()

    def see_ready(_cluster: str) -> None:
        for problem in looks:
            raise problem

    monkeypatch.setattr(provider, "_see_ready", see_ready)
    provider.create(TOPOLOGY["cluster1"])

    assert f"{name}-control-plane\t{name}\n" == (tmp_path / "containers").read_text()
