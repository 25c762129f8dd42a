"""How the user names clusters that are there: kubeconfigs and contexts, all of them checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
import re

import yaml

from harness.errors import UsageError
from harness.topology import Topology
from harness.topology_file.wording import near

_pair = re.compile(r"[^=]+=.+")
_few = 8
"""So many contexts are all told; of more, the nearest."""


@dataclass(frozen=True, slots=True)
class Context:
    """How to reach one cluster: a kubeconfig and a context in it.

    `api_server` is the URL at which the other clusters reach it, where that is not the
    kubeconfig's own.
    """

    kubeconfig: Path
    name: str
    api_server: str = ""


def named(pairs: Sequence[str], kubeconfig: Path) -> dict[str, Context]:
    """Return what `CLUSTER=CONTEXT[@KUBECONFIG]` pairs name; UsageError for all that are none.

    What follows the last @ is a kubeconfig if it begins as a path does: names may hold an @, too.
    """
    how = "write it CLUSTER=CONTEXT or CLUSTER=CONTEXT@KUBECONFIG"
    wrong = [f"context {pair!r}: {how}" for pair in pairs if not _pair.fullmatch(pair)]
    names = [pair.partition("=")[0] for pair in pairs]
    wrong += [
        f"context of {name}: given twice" for name in sorted(set(names)) if names.count(name) > 1
    ]
    if wrong:
        raise UsageError(*wrong)
    named: dict[str, Context] = {}
    for pair in pairs:
        cluster, _, rest = pair.partition("=")
        context, at, file = rest.rpartition("@")
        if at and file.startswith(("/", "./", "../", "~")):
            named[cluster] = Context(Path(file).expanduser().absolute(), context)
        else:
            named[cluster] = Context(kubeconfig, rest)
    return named


def api_servers(topology: Topology, contexts: Mapping[str, Context]) -> dict[str, str]:
    """Return the API server of each cluster; raise UsageError with every problem."""
    problems = [
        f"{name}: no context is given for it" for name in topology.names if name not in contexts
    ]
    problems += [
        f"{name}: not a cluster of {topology.name} ({', '.join(topology.names)})"
        for name in contexts
        if name not in topology.names
    ]
    servers: dict[str, str] = {}
    for cluster, context in contexts.items():
        try:
            server = _server(context)
        except UsageError as problem:
            problems += [f"{cluster}: {each}" for each in problem.problems]
            continue
        for other in (name for name, known in servers.items() if known == server):
            problems.append(f"{cluster}: context {context.name} is the same cluster as {other}'s")
        servers[cluster] = server
    if problems:
        raise UsageError(*problems)
    return servers


def _server(context: Context) -> str:
    try:
        content = yaml.safe_load(context.kubeconfig.read_text())
        contexts = {each["name"]: each["context"]["cluster"] for each in content["contexts"]}
        clusters = {each["name"]: str(each["cluster"]["server"]) for each in content["clusters"]}
    except OSError as problem:
        said = (problem.strerror or str(problem)).lower()
        raise UsageError(f"{context.kubeconfig}: {said}: name yours by --kubeconfig") from problem
    except (yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as problem:
        raise UsageError(
            f"{context.kubeconfig}: not a kubeconfig: name yours by --kubeconfig"
        ) from problem
    if context.name not in contexts:
        known = ", ".join(sorted(contexts)) or "none"
        way_out = near(context.name, contexts) if len(contexts) > _few else ""
        told = way_out or f": it has {known}"
        raise UsageError(f"{context.kubeconfig}: no context {context.name} in it{told}")
    if contexts[context.name] not in clusters:
        raise UsageError(f"{context.kubeconfig}: context {context.name} names no cluster of it")
    return clusters[contexts[context.name]]
