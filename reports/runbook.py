"""`runbook.sh`: the commands of one run's set-up, in order, for a person's own hands.

It is made from the transcript and lies beside it, for it applies the files that the run applied.
What a run alone may know is replaced: names and addresses by variables, secrets by the commands
that make new ones. What only looked at the mesh is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
import json
from pathlib import Path
import re
import shlex
from typing import Any

from harness.topology import KeyType, Topology
from reports.report import Report, TopologyAccount

Entry = Mapping[str, Any]

_HEAD = (Path(__file__).parent / "page" / "runbook_head.sh").read_text("utf-8")
_ROUTE = re.compile(r"ip route replace (\S+) via (\S+)$")
_SERVER = re.compile(r"--server=https://([\d.]+):")
_REMOTE_SECRET = re.compile(r"secret-istio-remote-secret-(.+)\.yaml$")
_FORWARD = re.compile(r"forward \. \d+\.\d+\.\d+\.\d+")
_KEYS = {
    KeyType.EC: "ec -pkeyopt ec_paramgen_curve:P-256",
    KeyType.RSA: "rsa:4096",
}


@dataclass(slots=True)
class _Known:
    """What the transcript's names stand for: kind's clusters, nodes' addresses."""

    clusters: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


def runbook(report: Report, account: TopologyAccount, entries: Iterable[Entry]) -> str:
    """Return the script that builds the topology as the run did; `down` takes it away.

    Returns an empty string when the run set nothing up.
    """
    topology, ups = account.topology, [each for each in account.provisions if each.phase == "up"]
    if topology is None or not ups:
        return ""
    ordered = sorted(entries, key=lambda entry: float(entry["at"]))
    known = _known(ordered, topology)
    if not known.clusters:
        return ""
    began = min(float(entry["at"]) for entry in ordered if _makes_cluster(entry["argv"]))
    # the copy of the node's images comes before, and takes part of the set-up's time
    ended = began + ups[0].seconds
    lines = [line for each in ordered if each["at"] < ended for line in _lines(each, known)]
    names = [known.clusters[name] for name in sorted(known.clusters)]
    head = _HEAD.format(
        title=topology.title,
        run=report.run.id,
        istio=(report.versions or report.settings.versions).istio,
        engine=report.run.engine.name,
        contexts="\n".join(_context(name) for name in topology.names),
        kubeconfigs=":".join(f"${{{_variable('KUBECONFIG', name)}}}" for name in topology.names),
        names=" ".join(names),
        key=_KEYS[topology.key_type],
    )
    return head + "\n".join([*lines, *_tail(topology)]) + "\n"


def read(path: Path) -> list[Entry]:
    """Return the entries of a transcript; a line that was cut off is left out."""
    entries = []
    for line in path.read_text("utf-8").splitlines():
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries


def _context(name: str) -> str:
    return (
        f'{_variable("CTX", name)}="kind-${{PREFIX}}-{name}"\n'
        f'{_variable("KUBECONFIG", name)}="${{WORK}}/{name}.kubeconfig"'
    )


def _known(entries: Iterable[Entry], topology: Topology) -> _Known:
    known = _Known()
    for entry in entries:
        words = entry["argv"]
        text = " ".join(words)
        if _makes_cluster(words):
            cluster = next(
                each
                for each in topology.names
                if f"--kubeconfig=${{{_variable('KUBECONFIG', each)}}}" in words
            )
            known.clusters[_option(words, "name")] = cluster
        if route := _ROUTE.search(text):
            owners = {str(each.pods): each.name for each in topology.clusters}
            if owner := owners.get(route[1]):
                known.addresses[route[2]] = owner
        if server := _SERVER.search(text):
            known.addresses[server[1]] = _option(words, "name")
    return known


def _variable(prefix: str, cluster: str) -> str:
    """Return the transcript's name for something of a cluster: KUBECONFIG_CLUSTER1."""
    return f"{prefix}_{re.sub(r'[^A-Z0-9]', '_', cluster.upper())}"


def _makes_cluster(words: list[str]) -> bool:
    return Path(words[0]).name == "kind" and words[1:3] == ["create", "cluster"]


def _option(words: Iterable[str], name: str) -> str:
    start = f"--{name}="
    return next((word.removeprefix(start) for word in words if word.startswith(start)), "")


def _lines(entry: Entry, known: _Known) -> Iterator[str]:
    """Yield what the entry becomes: nothing, if it only looked or failed."""
    words = [str(word) for word in entry["argv"]]
    program, where = Path(words[0]).name, f"\n# {float(entry['at']):.1f} s into the run"
    if entry["kind"] == "command" and entry.get("code") != 0:
        return
    if program == "cp" and words[1] == "-al":
        name = Path(words[3]).name
        yield where
        yield f'images {shlex.quote(words[2])} "{known.clusters.get(name, name)}" {words[3]}'
    elif _makes_cluster(words):
        cluster = known.clusters[_option(words, "name")]
        yield where
        yield f"create {cluster} {shlex.quote(_option(words, 'image'))}"
    elif program == "docker" and (route := _ROUTE.search(" ".join(words))):
        node = next(known.clusters[name] for name in known.clusters if f"{name}-" in words[2])
        via = _placed(route[2], known)
        yield where
        yield f'docker exec "{_node(node)}" ip route replace {route[1]} via "$({via})"'
    elif program == "istioctl" and words[1] == "install":
        yield where
        yield _command([program, *words[1:]], known)
    elif entry["kind"] == "change" and words[2:4] != ["patch", "pod"]:
        # the pods of CoreDNS are only nudged to look sooner: they look by themselves too
        yield where
        yield _change(words, known)


def _change(words: list[str], known: _Known) -> str:
    """Return a change of objects; a secret that was withheld is made anew."""
    place, file = words[1], _option(words, "filename")
    if secret := _REMOTE_SECRET.search(file):
        name = secret[1]
        server = f'"https://$(address {name}):6443"'
        return (
            f'attach {name} "${{{_variable("KUBECONFIG", name)}}}" {server} '
            f'"{place.removeprefix("--context=")}"'
        )
    if file.endswith("-secret-cacerts.yaml"):
        cluster = re.sub(r"^applied/\d+-|-secret-cacerts\.yaml$", "", file)
        return f'cacerts {cluster} "{place.removeprefix("--context=")}"'
    stub, found = _FORWARD.subn("forward . @RESOLVER@", _option(words, "patch"))
    if words[2:5] == ["patch", "configmap", "coredns"] and found:
        context = place.removeprefix("--context=")
        rest = [word for word in words if not word.startswith("--patch=")]
        patch = f'"$(with_resolver "{context}" {shlex.quote(stub)})"'
        return f"again {_command(rest, known)} --patch={patch}"
    return "again " + _command(words, known)


def _command(words: Iterable[str], known: _Known) -> str:
    return " ".join(_quoted(word, known) for word in words)


def _quoted(word: str, known: _Known) -> str:
    text = word.replace("${RUN}/", "")
    for name, cluster in known.clusters.items():
        text = text.replace(name, f"${{PREFIX}}-{cluster}")
    if "${" not in text:
        return shlex.quote(text)
    return '"' + re.sub(r'(["\\`])', r"\\\1", text) + '"'


def _placed(address: str, known: _Known) -> str:
    name = known.addresses.get(address)
    return f"address {name}" if name else f"echo {address}"


def _node(cluster: str) -> str:
    return f"${{PREFIX}}-{cluster}-control-plane"


def _tail(topology: Topology) -> Iterator[str]:
    yield "\n# until all of it runs"
    for name in topology.names:
        yield f'settled "${{{_variable("CTX", name)}}}"'
    yield '\necho "the mesh is up; look at it with: export KUBECONFIG=${KUBECONFIG}"'
