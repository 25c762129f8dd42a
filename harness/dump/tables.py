"""Objects as the lists that `kubectl get -o wide` shows, for a reader's first look. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.dump.columns import COLUMNS, Object, Row, pairs


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as aligned columns under their names; what is empty is told in words."""
    if not rows:
        return "none\n"
    heads = list(dict.fromkeys(key for row in rows for key in row))
    cells = [heads, *([_cell(row.get(head, "")) for head in heads] for row in rows)]
    wide = [max(len(line[n]) for line in cells) for n in range(len(heads))]
    lines = ("  ".join(cell.ljust(wide[n]) for n, cell in enumerate(line)) for line in cells)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def listed(kind: str, objects: Iterable[Object]) -> str:
    """Return the list of objects of one kind."""
    make = COLUMNS.get(kind, _nothing)
    rows = [
        {
            "NAMESPACE": each["metadata"].get("namespace", "-"),
            "NAME": each["metadata"]["name"],
            **make(each),
        }
        for each in objects
    ]
    return table(rows)


def events(objects: Iterable[Object]) -> str:
    """Return events, the latest last."""
    rows = [
        {
            "LAST": _moment(each),
            "TYPE": each.get("type", ""),
            "COUNT": each.get("count") or each.get("series", {}).get("count") or 1,
            "NAMESPACE": each["metadata"].get("namespace", ""),
            "OBJECT": "/".join(each["involvedObject"].get(key, "") for key in ("kind", "name")),
            "REASON": each.get("reason", ""),
            "MESSAGE": " ".join((each.get("message") or "").split()),
        }
        for each in objects
    ]
    return table(sorted(rows, key=lambda row: row["LAST"]))


def secrets(objects: Iterable[Object]) -> str:
    """Return Secrets by name, type and keys, and never a value."""
    return table(
        [
            {
                "NAMESPACE": each["metadata"].get("namespace", ""),
                "NAME": each["metadata"]["name"],
                "TYPE": each.get("type", ""),
                "KEYS": ",".join(sorted(each.get("data") or {})) or "-",
                "LABELS": pairs(each["metadata"].get("labels", {})),
                "CREATED": each["metadata"].get("creationTimestamp", ""),
            }
            for each in objects
        ]
    )


def _moment(event: Object) -> str:
    told = (
        event.get("lastTimestamp"),
        event.get("eventTime"),
        event.get("firstTimestamp"),
        event["metadata"].get("creationTimestamp"),
    )
    return str(next((each for each in told if each), ""))


def _nothing(_each: Object) -> Row:
    return {}


def _cell(value: Any) -> str:
    return str(value) or "-"
