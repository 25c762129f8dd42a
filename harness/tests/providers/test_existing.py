from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from socket import socket
from threading import Event, Thread
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
import yaml

from harness.drivers.node import DockerNode
from harness.drivers.shell import LocalShell
from harness.drivers.transcript import Transcript
from harness.errors import HostError, UnreachableError, UsageError
from harness.providers.contexts import Context
from harness.providers.existing import ExistingProvider
from harness.topology import Cluster, Topology


def _cluster(number: int) -> Cluster:
    return Cluster(
        name=f"cluster{number}",
        network="network1",
        primary="cluster1",
        pods=IPv4Network(f"10.{number}0.0.0/16"),
        services=IPv4Network(f"10.1{number}0.0.0/16"),
    )


TOPOLOGY = Topology(name="theirs", title="theirs", clusters=(_cluster(1), _cluster(2)))


def _kubeconfig(path: Path, **servers: str) -> Path:
    entries: dict[str, list[dict[str, Any]]] = {"clusters": [], "contexts": [], "users": []}
    for name, server in servers.items():
        entries["clusters"].append({"name": name, "cluster": {"server": server}})
        entries["contexts"].append({"name": name, "context": {"cluster": name, "user": name}})
        entries["users"].append({"name": name, "user": {"token": "s3cr3t"}})
    path.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", **entries}))
    return path


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    """An API server of a cluster with one node."""
    node = {"metadata": {"name": "one-node", "labels": {}}}
    resource = {"name": "nodes", "singularName": "node", "namespaced": False, "kind": "Node"}
    httpserver.expect_request("/version").respond_with_json({"gitVersion": "v1.34.4"})
    httpserver.expect_request("/apis").respond_with_json({"kind": "APIGroupList", "groups": []})
    httpserver.expect_request("/api/v1").respond_with_json(
        {"kind": "APIResourceList", "resources": [resource | {"verbs": ["list"]}]}
    )
    httpserver.expect_request("/api/v1/nodes").respond_with_json({"items": [node]})
    return httpserver


def _provider(
    tmp_path: Path, contexts: dict[str, Context], *, docker: str = ""
) -> ExistingProvider:
    tools = tmp_path / "bin"
    tools.mkdir(exist_ok=True)
    if docker:
        (tools / "docker").write_text(f"#!/bin/sh\n{docker}\n")
        (tools / "docker").chmod(0o755)
    return ExistingProvider(
        TOPOLOGY,
        contexts,
        istioctl=tools / "istioctl",
        shell=LocalShell(environment={"PATH": str(tools)}),
        folder=tmp_path / "private",
        transcript=Transcript(tmp_path / "run"),
    )


@pytest.fixture
def contexts(server: HTTPServer, tmp_path: Path) -> dict[str, Context]:
    """Return contexts of two clusters, of which only the first answers."""
    local = server.url_for("").rstrip("/")
    path = _kubeconfig(tmp_path / "config", one=local, two="https://192.0.2.2:6443")
    return {"cluster1": Context(path, "one"), "cluster2": Context(path, "two")}


def test_every_problem_of_the_contexts_is_told_at_once(tmp_path: Path) -> None:
    """Missing files, contexts and clusters, and one cluster under two names."""
    path = _kubeconfig(tmp_path / "config", one="https://192.0.2.1:6443")
    with pytest.raises(UsageError) as caught:
        _provider(
            tmp_path,
            {"cluster1": Context(path, "other"), "cluster3": Context(tmp_path / "none", "one")},
        )
    assert len(caught.value.problems) == 4
    assert "cluster2: no context is given for it" in str(caught.value)
    assert "no context other in it: it has one" in str(caught.value)
    assert "cluster3: not a cluster of theirs" in str(caught.value)
    assert "no such file" in str(caught.value)
    with pytest.raises(UsageError, match="cluster2: context one is the same cluster as cluster1's"):
        _provider(tmp_path, {name: Context(path, "one") for name in TOPOLOGY.names})


def test_of_many_contexts_the_nearest_is_named(tmp_path: Path) -> None:
    """A kubeconfig may hold dozens."""
    many = {f"cluster-{number}": f"https://192.0.2.{number}:6443" for number in range(1, 20)}
    path = _kubeconfig(tmp_path / "config", **many, production="https://192.0.2.99:6443")

    with pytest.raises(UsageError) as caught:
        _provider(tmp_path, {name: Context(path, "prodution") for name in TOPOLOGY.names})
    assert "no context prodution in it: did you mean 'production'?" in str(caught.value)


def test_nothing_is_made_deleted_or_given_away(
    contexts: dict[str, Context], tmp_path: Path
) -> None:
    """There are no pools, deleting does nothing, creating only looks for the cluster."""
    provider = _provider(tmp_path, contexts, docker="exit 1")
    assert not provider.makes_clusters
    assert provider.pools(TOPOLOGY, 16) == {}
    provider.delete("cluster1")
    contexts["cluster1"] = replace(contexts["cluster1"], api_server="https://192.0.2.1:6443")
    provider.create(TOPOLOGY["cluster1"])


def test_a_cluster_that_does_not_answer_is_said(tmp_path: Path) -> None:
    """Nothing is known of a cluster whose port is closed; that is the user's bench."""
    path = _kubeconfig(tmp_path / "config", one="http://127.0.0.1:1", two="http://127.0.0.1:2")
    contexts = {"cluster1": Context(path, "one"), "cluster2": Context(path, "two")}
    with pytest.raises(HostError, match="not ours to make"):
        _provider(tmp_path, contexts).create(TOPOLOGY["cluster1"])


def test_a_node_that_docker_knows_is_looked_at(
    contexts: dict[str, Context], tmp_path: Path
) -> None:
    """A node that is a container answers, and gives the address other clusters need."""
    networks = '[{"NetworkSettings": {"Networks": {"own": {"IPAddress": "172.30.0.5"}}}}]'
    access = _provider(tmp_path, contexts, docker=f"echo '{networks}'").access("cluster1")
    assert isinstance(access.node, DockerNode)
    assert access.node.container == "one-node"
    assert access.api_server == "https://172.30.0.5:6443"


@pytest.mark.parametrize("docker", ["", "exit 1"], ids=["no docker", "another machine"])
def test_a_node_out_of_reach_says_so(
    contexts: dict[str, Context], tmp_path: Path, docker: str
) -> None:
    """Looking at such a node is not an answer of the node."""
    contexts["cluster1"] = replace(contexts["cluster1"], api_server="https://192.0.2.1:6443")
    access = _provider(tmp_path, contexts, docker=docker).access("cluster1")
    assert access.api_server == "https://192.0.2.1:6443"
    for question in (
        lambda: access.node.run("true"),
        lambda: access.node.service_is_running("kubelet"),
        lambda: access.node.route_to("10.0.0.0/8"),
        lambda: access.node.connects("192.0.2.9", 80),
        lambda: access.node.address,
    ):
        with pytest.raises(UnreachableError, match="one-node is not a container"):
            question()


def test_an_address_that_only_this_machine_reaches_is_refused(
    contexts: dict[str, Context], tmp_path: Path
) -> None:
    """A kubeconfig that names 127.0.0.1 needs an address for the others."""
    with pytest.raises(HostError, match="no other cluster reaches"):
        _provider(tmp_path, contexts).access("cluster1")


def test_a_cluster_that_does_not_answer_keeps_no_other_waiting(
    tmp_path: Path, server: HTTPServer
) -> None:
    """Each is opened apart from the others."""
    silent, over = socket(), Event()
    silent.bind(("127.0.0.1", 0))
    silent.listen()
    silent.settimeout(10)
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    kubeconfig = _kubeconfig(tmp_path / "k", one=server.url_for("").rstrip("/"), two=url)
    contexts = {"cluster1": Context(kubeconfig, "one", "https://a:6443")}
    contexts["cluster2"] = Context(kubeconfig, "two", "https://b:6443")
    provider = _provider(tmp_path, contexts, docker="exit 1")

    def wait() -> None:
        with suppress(UnreachableError):
            provider.access("cluster2")
        over.set()

    thread = Thread(target=wait, daemon=True)
    thread.start()
    with silent:
        connected, _ = silent.accept()
        assert provider.access("cluster1").api_server == "https://a:6443"
        assert not over.is_set()
        connected.close()
    thread.join(20)
