"""Topologies by name or by path: the shipped ones, and those that users bring."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
import re
from typing import Any

from pydantic import ValidationError

from harness.errors import UsageError
from harness.topology import Cluster, Topology
from harness.topology_file import rules
from harness.topology_file.ranges import MOST_CLUSTERS, default_ranges
from harness.topology_file.source import refused, text_of
from harness.topology_file.syntax import Document, Place, Problem, read
from harness.topology_file.wording import near, problem
from harness.topology_file.written import FIRST_NETWORK, LABEL, LONGEST_NAME, WrittenTopology

SHIPPED = Path(__file__).parents[2] / "scenarios" / "topologies"


DEFAULT = ("primary-remote", "multi-primary-two-networks", "replicated-control-planes")
"""What is verified unless asked otherwise: a mesh of each kind."""


def known() -> tuple[Path, ...]:
    """Return the files of the topologies that come with meshproof, sorted by name."""
    return tuple(sorted(SHIPPED.glob("*.yaml"), key=lambda path: path.stem))


def find(name_or_path: str) -> Topology:
    """Return the shipped topology of that name, or the one in the file at that path."""
    shipped = {path.stem: path for path in known()}
    path = shipped.get(name_or_path, Path(name_or_path))
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1 or path.exists():
        return load(path)
    hint = near(name_or_path, shipped) or f": choose one of {', '.join(shipped)}"
    raise UsageError(f"topology '{name_or_path}' is not shipped{hint} (or give a file's path)")


def load(path: Path) -> Topology:
    """Return the topology in the file; raises UsageError with every problem there is in it."""
    document = read(text_of(path))
    problems = list(document.problems)
    if document.value is not None:
        problems += _judged(document, path.stem)
    if problems:
        raise refused(path, problems)
    return _topology(WrittenTopology.model_validate(document.value), path.stem)


def _judged(document: Document, stem: str) -> Iterator[Problem]:
    broken: set[tuple[str | int, ...]] = set()
    try:
        WrittenTopology.model_validate(document.value)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            broken.add(each["loc"])
            yield problem(each, document)
    if not isinstance(document.value, dict):
        return
    usable = len(stem) <= LONGEST_NAME and re.fullmatch(LABEL, stem)
    if "name" not in document.value and not usable:
        text = f"the file's name '{stem}' is no usable name: write `name:`, or rename the file"
        yield Problem(Place(1, 1), text)
    for path, text in rules.judge(_draft(document, broken)):
        yield Problem(document.place(path), text)


def _draft(document: Document, broken: set[tuple[str | int, ...]]) -> rules.Draft:
    top: dict[str, Any] = {
        key: value for key, value in document.value.items() if (key,) not in broken
    }
    entries = top.pop("clusters", None)
    entries = entries if isinstance(entries, list) else []
    clusters = {}
    for at, entry in enumerate(entries[:MOST_CLUSTERS]):
        if isinstance(entry, dict) and ("clusters", at, "name") not in broken:
            right = {
                key: text for key, text in entry.items() if ("clusters", at, key) not in broken
            }
            clusters[at] = _cluster(at, right)
    options = WrittenTopology.model_validate({"title": "-", **top, "clusters": []})
    return rules.Draft(
        clusters=clusters,
        # no list at all has been reported by its type, so it does not count as an empty one
        count=len(entries) if ("clusters",) not in broken else 1,
        options={
            name: None if (name,) in broken else getattr(options, name)
            for name in WrittenTopology.model_fields
        },
        whole=len(clusters) == len(entries) and ("clusters",) not in broken,
        written=frozenset(document.values),
    )


def _cluster(at: int, entry: dict[str, str]) -> Cluster:
    pods, services = default_ranges(at + 1)
    return Cluster(
        name=entry["name"],
        network=entry.get("network") or FIRST_NETWORK,
        primary=entry.get("primary") or entry["name"],
        pods=IPv4Network(entry["pods"]) if entry.get("pods") else pods,
        services=IPv4Network(entry["services"]) if entry.get("services") else services,
    )


def _topology(written: WrittenTopology, stem: str) -> Topology:
    clusters = tuple(_cluster(at, each.model_dump()) for at, each in enumerate(written.clusters))
    options = written.model_dump(exclude={"clusters", "name"})
    return Topology(name=written.name or stem, clusters=clusters, **options)
