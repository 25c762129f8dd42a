from collections.abc import Mapping, Sequence
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.access import Completed
from harness.drivers.istioctl import CliIstioctl
from harness.drivers.transcript import Transcript
from harness.errors import HarnessError

WARNING = "2026-11-21T03:48:09Z\twarn\tThe environment variable POD_NAMESPACE was registered\n"


class FakeShell:
    """Prints what it is told to and remembers what it was asked."""

    def __init__(self, stdout: str = "") -> None:
        self.stdout = stdout
        self.argv: tuple[str, ...] = ()
        self.timeout = 0.0

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str | None = None,  # noqa: ARG002  # the protocol has it
        env: Mapping[str, str] | None = None,  # noqa: ARG002
        check: bool = True,  # noqa: ARG002
    ) -> Completed:
        """Pretend that the program succeeded."""
        self.argv, self.timeout = tuple(argv), timeout
        return Completed(self.argv, 0, self.stdout, "", 0.1)


def _istioctl(shell: FakeShell, folder: Path) -> CliIstioctl:
    return CliIstioctl(
        "cluster1",
        shell,
        program="/stack/istioctl",
        kubeconfig=Path("/run/kubeconfig"),
        context="kind-one",
        transcript=Transcript(folder),
    )


def test_an_operator_is_installed_from_the_file_that_stays(tmp_path: Path) -> None:
    """Install writes the operator to the run's folder and waits no longer than it may."""
    shell = FakeShell()
    _istioctl(shell, tmp_path).install({"kind": "IstioOperator"}, timeout=240)
    file = tmp_path / "applied" / "001-cluster1-istio-operator.yaml"
    assert yaml.safe_load(file.read_text()) == {"kind": "IstioOperator"}
    assert shell.argv == (
        "/stack/istioctl",
        "install",
        "-y",
        f"--filename={file}",
        "--readiness-timeout=235s",
        "--kubeconfig=/run/kubeconfig",
        "--context=kind-one",
    )
    assert shell.timeout == 240


@pytest.mark.parametrize("noise", ["", WARNING])
def test_a_remote_secret_is_read_past_the_warnings(tmp_path: Path, noise: str) -> None:
    """The objects of create-remote-secret come out whatever was printed before them."""
    shell = FakeShell(
        noise + "# generated\napiVersion: v1\nkind: Secret\nmetadata: {name: x}\n---\n"
    )
    (secret,) = _istioctl(shell, tmp_path).remote_secret("cluster2", "https://10.0.0.2:6443")
    assert secret == {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}}
    assert shell.argv[1:4] == (
        "create-remote-secret",
        "--name=cluster2",
        "--server=https://10.0.0.2:6443",
    )


def test_rows_of_remote_clusters_keep_their_empty_cells(tmp_path: Path) -> None:
    """The local cluster's row has no secret; its status stays in its own column."""
    table = (
        "NAME         SECRET                                        STATUS     ISTIOD     REV\n"
        "cluster1                                                   synced     istiod-1   default\n"
        "cluster2     istio-system/istio-remote-secret-cluster2     timeout    istiod-1   default\n"
    )
    rows = _istioctl(FakeShell(WARNING + table), tmp_path).remote_clusters()
    assert [(row["name"], row["secret"], row["status"]) for row in rows] == [
        ("cluster1", "", "synced"),
        ("cluster2", "istio-system/istio-remote-secret-cluster2", "timeout"),
    ]
    assert rows[0]["istiod"] == "istiod-1"


def test_proxies_of_every_istiod_are_read(tmp_path: Path) -> None:
    """Each istiod prints a document; every proxy says its cluster, its istiod and its states."""

    def response(istiod: str, proxy: str) -> str:
        types = "type.googleapis.com/envoy.config."
        return json.dumps(
            {
                "resources": [
                    {
                        "node": {
                            "id": proxy,
                            "metadata": {"CLUSTER_ID": "cluster2", "ISTIO_VERSION": "1.31.1"},
                        },
                        "genericXdsConfigs": [
                            {
                                "typeUrl": f"{types}cluster.v3.Cluster",
                                "configStatus": "SYNCED",
                            },
                            {"typeUrl": f"{types}route.v3.RouteConfiguration"},
                        ],
                    }
                ],
                "controlPlane": {"identifier": json.dumps({"Component": "istiod", "ID": istiod})},
            },
            indent=4,
        )

    said = WARNING + response("istiod-a", "sleep.sample") + "\n" + response("istiod-b", "x.y")
    first, second = _istioctl(FakeShell(said), tmp_path).proxy_status()
    assert first == {
        "proxy": "sleep.sample",
        "cluster": "cluster2",
        "istiod": "istiod-a",
        "version": "1.31.1",
        "types": {"CDS": "SYNCED", "RDS": "UNKNOWN"},
    }
    assert (second["proxy"], second["istiod"]) == ("x.y", "istiod-b")


class TablesOnly(FakeShell):
    """istioctl 1.29.2: `--output=json` is taken and a table is printed, its columns as here."""

    def run(self, argv: Sequence[str], **options: Any) -> Completed:
        """Print the table that was asked for."""
        self.stdout = WARNING + (VERBOSE if "--verbosity=1" in argv else SUBSCRIBED)
        return super().run(argv, **options)


SUBSCRIBED = """\
NAME                       CLUSTER      ISTIOD                  VERSION     SUBSCRIBED TYPES
sleep-5d6f.sample          cluster2     istiod-7b6dc4fc99-a     1.29.2      3 (CDS,LDS,EDS)
"""
VERBOSE = """\
NAME            CLUSTER    CDS              LDS          RDS        ECDS      ISTIOD   VERSION
gate-1.system   cluster1   SYNCED (2m30s)   STALE (9s)   NOT SENT   IGNORED   istiod   1.29.2
"""


def test_a_table_is_read_where_there_is_nothing_else(tmp_path: Path) -> None:
    """An istioctl that prints no JSON is asked for the table of every state."""
    shell = TablesOnly()

    assert _istioctl(shell, tmp_path).proxy_status() == [
        {
            "proxy": "gate-1.system",
            "cluster": "cluster1",
            "istiod": "istiod",
            "version": "1.29.2",
            "types": {"CDS": "SYNCED", "LDS": "STALE", "RDS": "NOT_SENT"},
        }
    ]


def test_a_proxys_configuration_is_parsed(tmp_path: Path) -> None:
    """proxy-config gives the JSON of one pod's Envoy, with the arguments it was asked with."""
    shell = FakeShell(WARNING + '[\n  {"name": "a"}\n]\n')
    found = _istioctl(shell, tmp_path).proxy_config("endpoints", "p", "sample", "--cluster=c")
    assert found == [{"name": "a"}]
    assert shell.argv[1:6] == (
        "proxy-config",
        "endpoints",
        "p.sample",
        "--output=json",
        "--cluster=c",
    )


@pytest.mark.parametrize("said", ["", "nothing of use\n", "[broken\n"])
def test_output_that_is_none_is_not_taken_for_an_empty_answer(tmp_path: Path, said: str) -> None:
    """Where no document or table is, an error says what was printed instead."""
    istioctl = _istioctl(FakeShell(said), tmp_path)
    with pytest.raises(HarnessError, match="istioctl printed no"):
        istioctl.proxy_status()
    with pytest.raises(HarnessError, match="istioctl printed no"):
        istioctl.remote_clusters()
