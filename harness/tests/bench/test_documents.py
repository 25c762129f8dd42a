from dataclasses import replace
from itertools import chain
from pathlib import Path
import re

import yaml

from harness.bench.documents import DocumentsOrder, homes_name, reply_name
from harness.bench.sequence import Command
from harness.settings import Settings
from harness.tests.bench_site import order, site
from harness.tests.topologies import primary_remote


def every_command() -> list[Command]:
    """Return all commands in the order in which they are run."""
    documents = order()
    phases = (*documents.phases(), documents.matrix(2))
    return [*chain.from_iterable(phase.commands for phase in phases), *documents.homes()]


def spoken(command: Command) -> str:
    """Return a command without what says on which cluster."""
    words = [word for word in command.argv if not word.startswith("--kubeconfig=")]
    return " ".join(words)


def test_the_phases_are_those_of_the_document_in_its_order() -> None:
    """Clusters and their load balancers first, which the document takes for granted."""
    assert [phase.name for phase in order().phases()] == [
        "clusters",
        "load balancer",
        "primary",
        "gateway",
        "remote",
        "secret",
        "workloads",
    ]


def test_a_node_of_kinds_own_copies_its_images_before_it_starts() -> None:
    """Each node has its own copy, made while the clock runs."""
    copied = replace(site(), copies={"west": (Path("/images"), Path("/own"))})

    clusters = DocumentsOrder(primary_remote(), Settings(), copied).phases()[0]

    lines = [" ".join(command.argv) for command in clusters.commands]
    assert lines.index("cp -a /images/. /own") == 1
    assert "--name mp-west" in lines[2]


def test_a_command_asks_only_for_what_was_said_before_it() -> None:
    """No placeholder stands for something that only a later command says."""
    said: set[str] = set()
    for command in every_command():
        asked = set(re.findall(r"\$\{(\w+)\}", " ".join([*command.argv, command.stdin])))
        assert asked <= said
        said |= {command.saves} - {""}


def test_each_installation_is_an_own_one_and_waits_by_itself() -> None:
    """The tool installs the primary, then the gateway, then the remote, each to its end."""
    installs = [each for each in every_command() if each.argv[:2] == ("istioctl", "install")]
    specs = [yaml.safe_load(each.stdin)["spec"] for each in installs]

    assert [None, "empty", "remote"] == [spec.get("profile") for spec in specs]
    assert "components" not in specs[0]
    assert specs[0]["values"]["pilot"]["env"]["EXTERNAL_ISTIOD"] == "true"
    (gateway,) = specs[1]["components"]["ingressGateways"]
    assert "readinessProbe" not in gateway["k8s"]
    assert specs[2]["values"]["global"]["remotePilotAddress"] == "${DISCOVERY_ADDRESS}"


def test_the_remote_is_annotated_and_attached_as_the_document_says() -> None:
    """The namespace is the primary's to manage, the secret goes from istioctl to kubectl."""
    lines = [spoken(each) for each in every_command()]
    remote = "kubectl --context=kind-mp-west"

    annotate = "annotate namespace istio-system topology.istio.io/controlPlaneClusters=east"
    attach = "istioctl create-remote-secret --name=west --server=https://${NODE_WEST}:6443"
    asked = lines.index(f"{attach} --context=kind-mp-west")
    assert lines.index(f"{remote} {annotate}") < asked
    assert lines[asked + 1] == "kubectl --context=kind-mp-east apply -f -"


def test_each_command_is_of_one_cluster_alone() -> None:
    """The second cluster is made after the first one, and its workloads after the first's."""
    created = [each.argv for each in every_command() if each.argv[1:3] == ("create", "cluster")]

    assert [argv[argv.index("--name") + 1] for argv in created] == ["mp-east", "mp-west"]
    assert all("--wait" in argv for argv in created)


def test_the_matrix_is_one_exec_for_each_call() -> None:
    """Every sleep calls as often as it is told, and each reply has a name of its own."""
    calls = order().matrix(21).commands
    clusters = primary_remote().clusters

    assert [each.saves for each in calls] == [
        reply_name(cluster, nth) for cluster in clusters for nth in range(21)
    ]
    assert all(each.argv.count("curl") == 1 for each in calls)
    assert [homes_name(each) for each in clusters] == [each.saves for each in order().homes()]


def test_nodes_start_as_kind_starts_them_but_for_etcds_data_in_memory() -> None:
    """None of what meshproof tunes is in force on the documents' side."""
    created = next(each for each in every_command() if "cluster" in each.argv)
    config = yaml.safe_load(created.stdin)

    assert [yaml.safe_load(patch)["kind"] for patch in config["kubeadmConfigPatches"]] == [
        "ClusterConfiguration"
    ]
    (mount,) = config["nodes"][0]["extraMounts"]
    assert mount == {
        "hostPath": "/clone",
        "containerPath": "/var/lib/containerd",
        "readOnly": False,
    }
