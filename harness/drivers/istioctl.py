"""istioctl as a program: what it prints, as plain values."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

import yaml

from harness.access import Manifest, Shell
from harness.drivers.transcript import Transcript
from harness.errors import HarnessError

LOOK_SECONDS = 30.0
"""How long a question may take."""

_short_types = {
    "Cluster": "CDS",
    "Listener": "LDS",
    "ClusterLoadAssignment": "EDS",
    "RouteConfiguration": "RDS",
    "TypedExtensionConfig": "ECDS",
}
_document = re.compile(r"^(?:[\[{]|apiVersion:|kind:|---)", re.MULTILINE)
_table = re.compile(r"^NAME +CLUSTER ", re.MULTILINE)
_age = re.compile(r" \([^)]*\)$")
_column = re.compile(r"\S+(?: \S+)*")


class CliIstioctl:
    """Istioctl on one cluster, by a context of a kubeconfig file."""

    def __init__(  # noqa: PLR0913  # each names one thing that istioctl needs
        self,
        cluster: str,
        shell: Shell,
        *,
        program: Path | str,
        kubeconfig: Path,
        context: str,
        transcript: Transcript,
    ) -> None:
        self._cluster, self._shell = cluster, shell
        self._program = str(program)
        self._context = (f"--kubeconfig={kubeconfig}", f"--context={context}")
        self._transcript = transcript

    def install(self, operator: Manifest, *, timeout: float) -> None:
        """Apply an IstioOperator and wait for what it installs."""
        file = self._transcript.written(self._cluster, "istio-operator", [operator])
        # istioctl's own wait ends first, so that it is istioctl which says what was not ready
        ready = max(1, int(timeout - 5))
        self._run(["install", "-y", f"--filename={file}", f"--readiness-timeout={ready}s"], timeout)

    def remote_secret(self, name: str, server: str) -> list[dict[str, Any]]:
        """Return the objects of `create-remote-secret` for this cluster, reached at `server`."""
        said = self._run(["create-remote-secret", f"--name={name}", f"--server={server}"])
        return [each for each in yaml.safe_load_all(document(said)) if each]

    def remote_clusters(self, *, timeout: float = LOOK_SECONDS) -> list[dict[str, str]]:
        """Return the rows of `remote-clusters`: name, secret, status, istiod, revision."""
        return rows(self._run(["remote-clusters"], timeout), "NAME")

    def proxy_status(self, *, timeout: float = LOOK_SECONDS) -> list[dict[str, Any]]:
        """Return what this cluster's istiods say of each proxy they serve.

        Of each: `proxy` (pod.namespace), `cluster`, `istiod`, `version`, and `types`, which maps
        CDS, LDS, EDS, RDS ... to the state as istiod has it: SYNCED, STALE, ERROR, NOT_SENT ...
        """
        said = self._run(["proxy-status", "--output=json"], timeout)
        if _table.search(said):
            # istioctl 1.29 takes the option and prints its table all the same
            said = self._run(["proxy-status", "--verbosity=1"], timeout)
            return [_proxy(row) for row in rows(said, "NAME")]
        return [proxy for each in documents(said) for proxy in _proxies(each)]

    def proxy_config(self, what: str, pod: str, namespace: str, *args: str) -> Any:
        """Return `proxy-config WHAT POD.NAMESPACE -o json`, parsed."""
        said = self._run(["proxy-config", what, f"{pod}.{namespace}", "--output=json", *args])
        return next(documents(said))

    def uninstall(self, *, timeout: float) -> None:
        """Uninstall every Istio of the cluster (`uninstall --purge`)."""
        self._run(["uninstall", "--purge", "-y"], timeout)

    def _run(self, argv: list[str], timeout: float = LOOK_SECONDS) -> str:
        return self._shell.run([self._program, *argv, *self._context], timeout=timeout).stdout


def document(said: str) -> str:
    """Return the output from its first line of YAML or JSON on.

    A program that shares istioctl's binary may print a warning before it.
    """
    if begin := _document.search(said):
        return said[begin.start() :]
    raise HarnessError(f"istioctl printed no document: {said[:200]!r}")


def documents(said: str) -> Iterator[Any]:
    """Yield every JSON document of the output: one for each istiod that answered."""
    text = document(said)
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        try:
            value, end = decoder.raw_decode(text)
        except ValueError as problem:
            raise HarnessError(f"istioctl printed no JSON: {text[:200]!r}: {problem}") from problem
        yield value
        text = text[end:]


def rows(said: str, first: str) -> list[dict[str, str]]:
    """Return a table's rows by its lower-case headings; the one named `first` begins it.

    Cells are told apart by where the headings stand: a cell may be empty.
    """
    lines = said.splitlines()
    begin = next((n for n, line in enumerate(lines) if line.split()[:1] == [first]), None)
    if begin is None:
        raise HarnessError(f"istioctl printed no table: {said[:200]!r}")
    headings = list(_column.finditer(lines[begin]))
    edges = [heading.start() for heading in headings[1:]] + [None]
    return [
        {
            heading[0].lower(): line[heading.start() : edge].strip()
            for heading, edge in zip(headings, edges, strict=True)
        }
        for line in lines[begin + 1 :]
        if line.strip()
    ]


def _proxies(response: dict[str, Any]) -> Iterator[dict[str, Any]]:
    instance = json.loads(response.get("controlPlane", {}).get("identifier") or "{}")
    for client in response.get("resources", ()):
        node = client.get("node", {})
        metadata = node.get("metadata", {})
        yield {
            "proxy": node.get("id", ""),
            "cluster": metadata.get("CLUSTER_ID", ""),
            "istiod": instance.get("ID") or instance.get("id") or "",
            "version": metadata.get("ISTIO_VERSION", ""),
            "types": {
                _short(each.get("typeUrl", "")): each.get("configStatus", "UNKNOWN")
                for each in client.get("genericXdsConfigs", ())
            },
        }


def _proxy(row: dict[str, str]) -> dict[str, Any]:
    """Return a row of the table in full, where types that a proxy never asked for are IGNORED."""
    told = {"name": "proxy", "cluster": "cluster", "istiod": "istiod", "version": "version"}
    types = {name.upper(): state for name, state in row.items() if name not in told}
    return {key: row.get(name, "") for name, key in told.items()} | {
        "types": {
            name: _age.sub("", state).replace(" ", "_")
            for name, state in types.items()
            if state != "IGNORED"
        }
    }


def _short(type_url: str) -> str:
    name = type_url.rpartition(".")[2]
    return _short_types.get(name, name)
