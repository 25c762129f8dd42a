from ipaddress import IPv4Network
import json

from harness.providers import node_files

PODS, SERVICES = IPv4Network("10.10.0.0/16"), IPv4Network("10.110.0.0/16")
NEIGHBOUR = IPv4Network("10.20.0.0/16")


def test_pods_get_addresses_of_their_clusters_range() -> None:
    """The pods' network hands out the range and masquerades nothing by itself."""
    plugins = json.loads(node_files.cni(PODS))["plugins"]
    assert [plugin["type"] for plugin in plugins] == ["ptp", "portmap"]
    assert plugins[0]["ipam"]["ranges"] == [[{"subnet": "10.10.0.0/16"}]]
    assert plugins[0]["ipMasq"] is False


def test_pods_of_the_same_network_see_each_others_addresses() -> None:
    """Own pods and neighbours' come before the masquerade of all else."""
    lines = node_files.rules(PODS, SERVICES, [NEIGHBOUR]).splitlines()
    chain = [line for line in lines if line.startswith("-A MESHPROOF")]
    assert chain == [
        "-A MESHPROOF -d 10.10.0.0/16 -j RETURN",
        "-A MESHPROOF -d 10.20.0.0/16 -j RETURN",
        "-A MESHPROOF -j MASQUERADE",
    ]
    assert "-A POSTROUTING -s 10.10.0.0/16 -j MESHPROOF" in lines


def test_service_addresses_that_nobody_translates_are_refused() -> None:
    """A call to a service before kube-proxy is there fails at once."""
    assert "-A FORWARD -d 10.110.0.0/16 -j REJECT" in node_files.rules(PODS, SERVICES, [])


def test_the_rules_are_there_before_any_pod() -> None:
    """Containerd's unit puts them in force, and a failure of that does not stop containerd."""
    assert "ExecStartPost=-/usr/bin/env PATH=" in node_files.unit()
    assert node_files.RULES in node_files.unit()
