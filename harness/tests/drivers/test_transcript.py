import json
from pathlib import Path

import yaml

from harness.access import Completed
from harness.drivers.transcript import Transcript, placeholder


def _entries(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "transcript.jsonl").read_text().splitlines()]


def test_a_command_is_written_for_programs_and_for_people(tmp_path: Path) -> None:
    """Both forms hold the argument list, the place, the code and the time, with placeholders."""
    transcript = Transcript(tmp_path)
    transcript.call("/home/me/kubeconfig one", "KUBECONFIG_ONE")
    done = Completed(
        ("/opt/istioctl", "install", "--kubeconfig", "/home/me/kubeconfig one", f"{tmp_path}/f"),
        0,
        "",
        "",
        1.5,
    )
    transcript.ran(done, where="this machine", env={"KUBECONFIG": "/home/me/kubeconfig one"})
    (entry,) = _entries(tmp_path)
    assert entry["argv"] == [
        "/opt/istioctl",
        "install",
        "--kubeconfig",
        "${KUBECONFIG_ONE}",
        "${RUN}/f",
    ]
    assert (entry["where"], entry["code"], entry["seconds"]) == ("this machine", 0, 1.5)
    text = (tmp_path / "transcript.sh").read_text()
    assert (
        "KUBECONFIG=${KUBECONFIG_ONE} istioctl install --kubeconfig ${KUBECONFIG_ONE} ${RUN}/f\n"
        in text
    )
    assert "on this machine: exit 0 after 1.5 s" in text


def test_applied_objects_are_numbered_in_order_without_the_values_of_secrets(
    tmp_path: Path,
) -> None:
    """Each file holds its objects as YAML; a Secret keeps its keys and loses its values."""
    transcript = Transcript(tmp_path)
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sample"}}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "cacerts"},
        "data": {"ca-key.pem": "c2VjcmV0"},
    }
    first = transcript.applied("cluster1", "Namespace sample", [space])
    second = transcript.applied("cluster2", "cacerts", [space, secret])
    assert first.name == "001-cluster1-namespace-sample.yaml"
    assert second.name == "002-cluster2-cacerts.yaml"
    assert list(yaml.safe_load_all(second.read_text())) == [
        space,
        secret | {"data": {"ca-key.pem": "(withheld)"}},
    ]
    assert secret["data"] == {"ca-key.pem": "c2VjcmV0"}
    assert _entries(tmp_path)[1]["file"] == "applied/002-cluster2-cacerts.yaml"
    assert "kubectl --context=${CTX_CLUSTER2} apply" in (tmp_path / "transcript.sh").read_text()


def test_two_processes_of_a_run_never_take_the_same_number(tmp_path: Path) -> None:
    """A file that another transcript of the folder wrote is never written over."""
    first, second = Transcript(tmp_path), Transcript(tmp_path)
    paths = {first.applied("c", "x", []), second.applied("c", "x", []), first.applied("c", "x", [])}
    assert len(paths) == 3


def test_input_that_holds_a_secret_is_withheld(tmp_path: Path) -> None:
    """Standard input is written down unless it is a Secret."""
    transcript = Transcript(tmp_path)
    done = Completed(("kubectl", "apply", "-f", "-"), 0, "", "", 0.1)
    transcript.ran(done, where="here", stdin="kind: ConfigMap\n")
    transcript.ran(done, where="here", stdin="kind: Secret\ndata: {a: czNjcjN0}\n")
    assert [entry["stdin"] for entry in _entries(tmp_path)] == ["kind: ConfigMap\n", "(withheld)"]
    assert "czNjcjN0" not in (tmp_path / "transcript.sh").read_text()


def test_names_of_clusters_become_names_of_variables() -> None:
    """A cluster's placeholder is a valid name in the shell."""
    assert placeholder("CTX", "cluster-1.east") == "CTX_CLUSTER_1_EAST"
