"""A qualification as a file: YAML as Kubernetes writes its objects, or JSON, by the file's name."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError
import yaml

from harness.errors import UsageError
from reports import files
from reports.qualification.model import QualificationReport
from reports.strange import strange

NAME = "qualification.yaml"


def write(path: Path, report: QualificationReport) -> None:
    """Write the document, whole or not at all."""
    files.write(path, to_json(report) if path.suffix == ".json" else to_yaml(report))


def to_yaml(report: QualificationReport) -> str:
    """Return the document as YAML, its keys in the order of the model."""
    return yaml.safe_dump(_plain(report), sort_keys=False, allow_unicode=True, width=100)


def to_json(report: QualificationReport) -> str:
    """Return the document as JSON."""
    return json.dumps(_plain(report), indent=1, ensure_ascii=False) + "\n"


def find(name: str, runs: Path) -> Path | None:
    """Return the document that a file, its folder or the folder's name below `runs` means."""
    given = Path(name)
    for path in (given, given / NAME, runs / name / NAME):
        if path.is_file():
            value = _value(path)
            is_one = isinstance(value, dict) and value.get("kind") == "QualificationReport"
            return path if is_one else None
    return None


def read(path: Path) -> QualificationReport:
    """Return the document in the file; raises UsageError when it is none of this version."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file: name what `meshproof qualify` wrote")
    value = _value(path)
    try:
        return QualificationReport.model_validate(value)
    except ValidationError as error:
        raise strange(path, "QualificationReport", error) from error


def _plain(report: QualificationReport) -> dict[str, Any]:
    return report.model_dump(mode="json", by_alias=True)


def _value(path: Path) -> Any:
    try:
        # JSON is YAML, but a report of some megabytes is read a hundred times faster as JSON
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if text.startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        return None
