from ipaddress import IPv4Network
import json
from pathlib import Path

import pytest

from harness.drivers.kind import Kind
from harness.drivers.shell import LocalShell
from harness.errors import CommandError, HostError


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Stand-ins for kind and docker that write down how they were called.

    docker answers `network inspect` with the file `network.json`, `ps` with `containers`.
    """
    (tmp_path / "bin").mkdir()
    log = f'echo "$(basename $0) $* KUBECONFIG=$KUBECONFIG" >> {tmp_path}/calls'
    scripts = {
        "kind": f"{log}\n[ ! -e {tmp_path}/broken ] || {{ echo boom >&2; exit 1; }}",
        "docker": f"""{log}
case "$1 $2" in
"network inspect") [ -e {tmp_path}/network.json ] \
    || {{ echo "Error: No such network: kind" >&2; exit 1; }}; cat {tmp_path}/network.json;;
"network create") [ "$5" != --ipv6 ] || {{ echo "IPv6 is off" >&2; exit 1; }}
  echo '[{{"Id": "abc", "IPAM": {{"Config": [{{"Subnet": "172.20.0.0/16"}}]}}}}]' \
    > {tmp_path}/network.json;;
"ps --all") cat {tmp_path}/containers;;
esac""",
    }
    for name, script in scripts.items():
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)
    (tmp_path / "containers").touch()
    return tmp_path


@pytest.fixture
def kind(tools: Path) -> Kind:
    """Return the driver on those stand-ins."""
    return Kind(LocalShell(environment={"PATH": f"{tools}/bin:/usr/bin:/bin"}))


def _calls(tools: Path) -> list[str]:
    return (tools / "calls").read_text().splitlines()


def test_a_cluster_is_made_with_a_kubeconfig_of_its_own(kind: Kind, tools: Path) -> None:
    """Kind is given its configuration, and the user's KUBECONFIG is out of its sight."""
    kubeconfig = tools / "kubeconfig"
    kind.create("one", tools / "c.yaml", image="node:1", kubeconfig=kubeconfig, timeout=5)
    assert _calls(tools) == [
        (
            "kind create cluster --retain --name=one --image=node:1 "
            f"--config={tools}/c.yaml --kubeconfig={kubeconfig} KUBECONFIG={kubeconfig}"
        )
    ]


def test_what_kind_says_is_in_the_error(kind: Kind, tools: Path) -> None:
    """A cluster that cannot be made raises CommandError with kind's words."""
    (tools / "broken").touch()
    with pytest.raises(CommandError, match="boom"):
        kind.create(
            "one", tools / "c.yaml", image="node:1", kubeconfig=tools / "kubeconfig", timeout=5
        )


def test_a_cluster_is_deleted_with_its_volumes(kind: Kind, tools: Path) -> None:
    """All containers of the cluster go; where there are none nothing is done."""
    kind.delete("one")
    assert not any("docker rm" in call for call in _calls(tools))
    (tools / "containers").write_text("one-control-plane\tone\none-worker\tone\n")
    kind.delete("one")
    (call,) = (call for call in _calls(tools) if "docker rm" in call)
    assert call.startswith("docker rm --force --volumes one-control-plane one-worker ")
    assert "label=io.x-k8s.kind.cluster=one" in _calls(tools)[0]


@pytest.mark.parametrize(
    "subnets",
    [["172.18.0.0/16"], ["fc00:f853:ccd:e793::/64", "172.18.0.0/16"]],
    ids=["only IPv4", "IPv6 first"],
)
def test_the_network_is_the_one_that_is_really_there(
    kind: Kind, tools: Path, subnets: list[str]
) -> None:
    """Its IPv4 addresses are found wherever Docker lists them."""
    found = [{"Id": "abc", "IPAM": {"Config": [{"Subnet": subnet} for subnet in subnets]}}]
    (tools / "network.json").write_text(json.dumps(found))
    network = kind.container_network()
    assert (network.id, network.subnet) == ("abc", IPv4Network("172.18.0.0/16"))


def test_a_network_without_ipv4_is_said(kind: Kind, tools: Path) -> None:
    """A network that load balancers cannot use raises HostError with the way out."""
    found = [{"Id": "abc", "IPAM": {"Config": [{"Subnet": "fc00::/64"}]}}]
    (tools / "network.json").write_text(json.dumps(found))
    with pytest.raises(HostError, match="docker network rm kind"):
        kind.container_network()


def test_a_network_that_is_not_there_yet_is_made(kind: Kind, tools: Path) -> None:
    """Where IPv6 is off it is made without."""
    assert kind.container_network().subnet == IPv4Network("172.20.0.0/16")
    made = [call for call in _calls(tools) if "network create" in call]
    assert ["--ipv6" in call for call in made] == [True, False]


def test_a_docker_that_does_not_answer_is_no_missing_network(kind: Kind, tools: Path) -> None:
    """Nothing is made where nothing could be seen."""
    (tools / "bin" / "docker").write_text("#!/bin/sh\necho 'no daemon' >&2; exit 1\n")
    with pytest.raises(CommandError, match="no daemon"):
        kind.container_network()
