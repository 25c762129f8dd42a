"""What only the whole file can show: each rule looks at what could be read and yields what clashes.

A value that is wrong by itself has been reported already and is left out here, so that one mistake
is said once and the mistakes beside it are said too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from harness.topology import Cluster, Discovery, Resolver, Root
from harness.topology_file.ranges import MOST_CLUSTERS
from harness.topology_file.syntax import Path
from harness.topology_file.wording import near


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read: clusters by their place in the list, and the keys at the top.

    `whole` is whether every cluster could be read, so that a missing name is really missing;
    `written` holds the paths of what stands in the file, `options` what each key at the top says,
    None where that could not be read.
    """

    clusters: dict[int, Cluster]
    count: int
    options: dict[str, Any]
    whole: bool
    written: frozenset[Path]

    @property
    def primaries(self) -> list[Cluster]:
        """The clusters that run an istiod."""
        return [each for each in self.clusters.values() if each.is_primary]

    @property
    def speaks_global(self) -> bool:
        """Whether clusters know each other by `.global` names."""
        return self.says("discovery", Discovery.GLOBAL_NAMES)

    def says(self, key: str, value: Any) -> bool:
        """Whether the key at the top is known to say so."""
        return self.options[key] is value


Finding = tuple[Path, str]


def judge(draft: Draft) -> Iterator[Finding]:
    """Yield everything that clashes, each with the path at which to say it."""
    yield from _count(draft)
    yield from _names(draft)
    yield from _primaries(draft)
    yield from _ranges(draft)
    yield from _trust(draft)
    yield from _global_names(draft)
    yield from _idle(draft)


def _count(draft: Draft) -> Iterator[Finding]:
    if not draft.count:
        yield ("clusters",), "there is no cluster: list at least one, beginning with `- name:`"
    if draft.count > MOST_CLUSTERS:
        most = f"{draft.count} clusters: at most {MOST_CLUSTERS} have ranges of their own"
        yield ("clusters", MOST_CLUSTERS), f"{most}: split the file into two topologies"


def _names(draft: Draft) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for at, cluster in draft.clusters.items():
        if cluster.name in first:
            other = f"entry {first[cluster.name] + 1} of the list"
            text = f"cluster '{cluster.name}' is named already by {other}: rename one"
            yield ("clusters", at, "name"), text
        first.setdefault(cluster.name, at)


def _primaries(draft: Draft) -> Iterator[Finding]:
    known: dict[str, Cluster] = {}
    for cluster in draft.clusters.values():
        known.setdefault(cluster.name, cluster)
    for at, cluster in draft.clusters.items():
        path: Path = ("clusters", at, "primary")
        if cluster.primary not in known:
            if draft.whole:
                hint = near(cluster.primary, known) or f": name one of {', '.join(known)}"
                yield path, f"primary '{cluster.primary}' is no cluster of this file{hint}"
        elif known[cluster.primary].is_remote:
            yield path, _chain(cluster, known)
    if draft.clusters and draft.whole and not draft.primaries:
        yield ("clusters",), "no cluster runs an istiod: leave `primary` out of at least one"


def _chain(cluster: Cluster, known: dict[str, Cluster]) -> str:
    way = [cluster.name, cluster.primary]
    while (following := known[way[-1]].primary) in known and following not in way:
        way.append(following)
    last = known[way[-1]]
    if last.is_primary:
        out = f"write `primary: {last.name}`"
    else:
        way.append(last.primary)
        out = "leave `primary` out of the one that runs an istiod"
    nobody = f"primary '{cluster.primary}' is a remote itself, so no gateway leads to an istiod"
    return f"{nobody} ({' → '.join(way)}): {out}"


def _ranges(draft: Draft) -> Iterator[Finding]:
    named: list[tuple[Path, Cluster]] = [
        (("clusters", at, kind), cluster)
        for at, cluster in draft.clusters.items()
        for kind in ("pods", "services")
    ]
    for (early, one), (late, other) in combinations(named, 2):
        first, second = getattr(one, str(early[-1])), getattr(other, str(late[-1]))
        if first.overlaps(second):
            # what nobody wrote cannot be mended: point at the one that stands in the file
            path = early if late not in draft.written and early in draft.written else late
            what = f"{late[-1]} {second} of {other.name} overlap {early[-1]} {first} of {one.name}"
            yield path, f"{what}: give each a range of its own, or leave both out"


def _trust(draft: Draft) -> Iterator[Finding]:
    if not draft.says("root", Root.OWN):
        return
    if draft.speaks_global or draft.says("resolver", Resolver.STUB):
        why = "`.global` names lead to another cluster's gateway, which only a shared root trusts"
        key = "discovery" if draft.speaks_global else "resolver"
    elif len(named := dict.fromkeys(each.name for each in draft.primaries)) > 1:
        why = f"{', '.join(named)} each run an istiod and would never trust each other"
        key = "clusters"
    else:
        return
    yield ("root",) if ("root",) in draft.written else (key,), f"{why}: write `root: shared`"


def _global_names(draft: Draft) -> Iterator[Finding]:
    if draft.says("discovery", Discovery.REMOTE_SECRETS) and draft.says("resolver", Resolver.STUB):
        text = "resolver 'stub' answers for `.global` names, and there are none"
        yield ("resolver",), f"{text}: write `discovery: global-names`, or another resolver"
    if not draft.speaks_global:
        return
    if draft.says("resolver", Resolver.NONE):
        key = "resolver" if ("resolver",) in draft.written else "discovery"
        yield (key,), "nobody answers for `.global` names: write `resolver: stub` or `proxy`"
    for at, cluster in draft.clusters.items():
        if cluster.is_remote:
            text = "`.global` names join control planes, and a remote has none"
            yield ("clusters", at, "primary"), f"{text}: leave `primary` out"
    if draft.whole and len({each.network for each in draft.clusters.values()}) == 1:
        text = "`.global` names lead through gateways, and clusters of one network have none"
        yield ("discovery",), f"{text}: give each cluster a network of its own"


def _idle(draft: Draft) -> Iterator[Finding]:
    remotes = len(draft.primaries) < len(draft.clusters)
    needs = {
        "global_form": (
            draft.says("discovery", Discovery.REMOTE_SECRETS),
            "`discovery: global-names`",
        ),
        "key_type": (draft.says("root", Root.OWN), "`root: shared`"),
        "spelling": (draft.whole and not remotes, "a cluster that names a `primary`"),
    }
    for key, (idle, need) in needs.items():
        if idle and (key,) in draft.written:
            yield (key,), f"`{key}` says nothing without {need}: add that, or take it out"
