from dataclasses import replace
from pathlib import Path
import shutil
import subprocess  # noqa: TID251  # a shell reads what was written for a shell
from typing import Any

import pytest

from reports.compose import compose
from reports.report import Report
from reports.runbook import read, runbook
from reports.tests.records import ending, facts, node_id, ran, set_up

NODE = '"${PREFIX}-cluster1-control-plane"'
PLACE = '"--kubeconfig=${KUBECONFIG_CLUSTER1}" "--context=kind-${PREFIX}-cluster1"'
KIND = ["/opt/kind", "create", "cluster", "--quiet"]


def entry(at: float, *argv: str, kind: str = "command", code: int = 0) -> dict[str, Any]:
    """Return an entry as the transcript writes it."""
    return {"kind": kind, "at": at, "argv": list(argv), "code": code}


def create(at: float, number: int) -> dict[str, Any]:
    """Return the making of a cluster."""
    name = f"--name=mp-77-cluster{number}"
    place = f"--kubeconfig=${{KUBECONFIG_CLUSTER{number}}}"
    return entry(at, *KIND, name, "--image=kindest/node:v1", "--config=x", place)


def apply(at: float, number: int, file: str) -> dict[str, Any]:
    """Return the applying of a file."""
    words = [
        "kubectl",
        f"--context=${{CTX_CLUSTER{number}}}",
        "apply",
        f"--filename=applied/{file}",
    ]
    return entry(at, *words, kind="change")


ENTRIES = [
    create(1.0, 2),
    create(1.1, 1),
    entry(21, "docker", "inspect", "mp-77-cluster1-control-plane"),
    entry(
        22,
        *("docker", "exec", "mp-77-cluster1-control-plane", "timeout", "-k", "2", "20"),
        *("ip", "route", "replace", "10.2.0.0/16", "via", "172.18.0.3"),
    ),
    apply(23, 1, "003-cluster1-secret-cacerts.yaml"),
    entry(
        23.5,
        *("/opt/istioctl", "install", "-y", "--filename=${RUN}/applied/002-operator.yaml"),
        *("--kubeconfig=${KUBECONFIG_CLUSTER1}", "--context=kind-mp-77-cluster1"),
    ),
    entry(24, "/opt/istioctl", "create-remote-secret", "--name=cluster2"),
    apply(25, 1, "004-cluster1-secret-istio-remote-secret-cluster2.yaml"),
    apply(20.5, 1, "001-cluster1-namespace.yaml"),
    entry(26, "/opt/istioctl", "install", "--filename=x", code=1),
    apply(80, 1, "009-cluster1-peerauthentication-strict.yaml"),
]


@pytest.fixture
def report() -> Report:
    """A run that was set up in 29 seconds."""
    return compose(facts(), [set_up()], [ran(node_id("x"))], ending())


@pytest.fixture
def script(report: Report) -> str:
    """The runbook of the run."""
    return runbook(report, report.topologies[0], ENTRIES)


def commands(script: str) -> list[str]:
    """Return the commands after the functions."""
    body = script[script.index("settled() {") :].partition("\n}\n")[2]
    return [line for line in body.splitlines() if line and not line.startswith("#")]


def test_what_changed_the_world_is_there_in_its_order(script: str) -> None:
    """Looks, failures and what came after the set-up are not."""
    namespace = "applied/001-cluster1-namespace.yaml"
    context, config = '"${CTX_CLUSTER1}"', '"${KUBECONFIG_CLUSTER2}"'
    assert commands(script) == [
        "create cluster2 kindest/node:v1",
        "create cluster1 kindest/node:v1",
        f'again kubectl "--context=${{CTX_CLUSTER1}}" apply --filename={namespace}',
        f'docker exec {NODE} ip route replace 10.2.0.0/16 via "$(address cluster2)"',
        f"cacerts cluster1 {context}",
        f"istioctl install -y --filename=applied/002-operator.yaml {PLACE}",
        f'attach cluster2 {config} "https://$(address cluster2):6443" {context}',
        'settled "${CTX_CLUSTER1}"',
        'settled "${CTX_CLUSTER2}"',
        'echo "the mesh is up; look at it with: export KUBECONFIG=${KUBECONFIG}"',
    ]


def test_the_stub_forwards_to_the_resolver_that_is_there(report: Report) -> None:
    """Its address is looked up again, and pods that the run nudged are not named."""
    context, kind = "--context=${CTX_CLUSTER1}", "change"
    patch = '--patch={"data": {"Corefile": "global:53 {\\n forward . 10.1.2.3\\n}\\n"}}'
    entries = [
        create(1, 1),
        entry(20, "kubectl", context, "patch", "configmap", "coredns", patch, kind=kind),
        entry(21, "kubectl", context, "patch", "pod", "coredns-1", "--patch={}", kind=kind),
    ]
    script = runbook(report, report.topologies[0], entries)

    (patched,) = commands(script)[1:-3]
    assert patched.startswith('again kubectl "--context=${CTX_CLUSTER1}" patch configmap coredns')
    assert '--patch="$(with_resolver "${CTX_CLUSTER1}" ' in patched
    assert "forward . @RESOLVER@" in patched


def test_no_name_of_the_run_is_left(script: str) -> None:
    """Names are the reader's own, by PREFIX."""
    assert "mp-77" not in script


def test_bash_can_read_it(script: str, tmp_path: Path) -> None:
    """Every quote and brace is closed."""
    path = tmp_path / "runbook.sh"
    path.write_text(script)
    bash = shutil.which("bash")
    assert bash is not None

    subprocess.run([bash, "-n", str(path)], check=True, timeout=30)


def test_no_node_writes_into_the_databases_of_another(script: str, tmp_path: Path) -> None:
    """Layers are linked, databases are each node's own; what they came from stays as it was."""
    (tmp_path / "golden" / "store").mkdir(parents=True)
    for name in ("meta.db", "layer"):
        (tmp_path / "golden" / "store" / name).write_text("as built")
    start, end = script.index("images() {"), script.index("# the address of")
    call = f"set -eu; WORK={tmp_path}; {script[start:end]}\nimages {tmp_path}/golden cluster1 x"
    bash = shutil.which("bash")
    assert bash is not None

    subprocess.run([bash, "-c", call], check=True, timeout=30)

    own = tmp_path / "images" / "cluster1" / "store"
    assert own.joinpath("layer").samefile(tmp_path / "golden" / "store" / "layer")
    own.joinpath("meta.db").write_text("written by a node")
    assert (tmp_path / "golden" / "store" / "meta.db").read_text() == "as built"


def test_clusters_that_were_there_before_have_no_runbook(report: Report) -> None:
    """Nothing was made that could be made again."""
    assert runbook(report, report.topologies[0], ENTRIES[2:]) == ""


def test_a_run_that_set_nothing_up_has_no_runbook(report: Report) -> None:
    """There is no record of a set-up."""
    account = report.topologies[0].model_copy(update={"provisions": ()})

    assert runbook(report, account, ENTRIES) == ""


def test_a_transcript_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """The last line of a killed run may be half a line."""
    path = tmp_path / "transcript.jsonl"
    path.write_text('{"kind": "command"}\n{"kind": "com')

    assert read(path) == [{"kind": "command"}]


def test_keys_are_of_the_kind_that_the_topology_asks_for(report: Report) -> None:
    """RSA by choice."""
    account = report.topologies[0]
    assert account.topology is not None
    topology = account.topology.model_copy(update={"key_type": "rsa"})
    script = runbook(report, account.model_copy(update={"topology": topology}), ENTRIES)

    assert "openssl req -x509 -newkey rsa:4096" in script


def test_a_set_up_that_broke_has_the_commands_up_to_there() -> None:
    """What was done can be done again, as far as it came."""
    record = replace(set_up(error="no"), seconds=21)
    broken = compose(facts(), [record], [ran(node_id("x"))], ending(1))

    assert "cacerts cluster1" not in runbook(broken, broken.topologies[0], ENTRIES)
