import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from harness.errors import UsageError
from reports.qualification import document
from reports.qualification.model import QualificationReport, Result
from reports.qualification.schema import PUBLISHED, schema
from reports.tests.qualification.documents import cell, istio, qualified

REPORT = qualified(istio("1.31.0", cell("mixed"), cell("other", Result.FAIL, "why", "a claim")))


@pytest.mark.parametrize("name", ["release.yaml", "release.json", "deep/release"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    """In YAML and in JSON, by the file's name."""
    document.write(tmp_path / name, REPORT)

    assert document.read(tmp_path / name) == REPORT
    assert document.find(str(tmp_path / name), tmp_path) == tmp_path / name


def test_it_is_found_by_its_folder_too(tmp_path: Path) -> None:
    """The folder itself, or its name among the runs."""
    place = tmp_path / "qualification-1" / document.NAME
    document.write(place, REPORT)

    assert document.find("qualification-1", tmp_path) == place
    assert document.find(str(place.parent), Path("elsewhere")) == place
    assert document.find("qualification-2", tmp_path) is None


def test_it_looks_as_a_conformance_report_does(tmp_path: Path) -> None:
    """Its kind comes first, its keys are in camel case, and its cells are below its profiles."""
    document.write(tmp_path / "q.yaml", REPORT)
    text = (tmp_path / "q.yaml").read_text()
    value = yaml.safe_load(text)

    assert text.startswith("apiVersion: meshproof.dev/v1alpha1\nkind: QualificationReport\n")
    assert value["date"] == "2026-11-21T07:40:00Z"
    assert value["implementation"]["project"] == "istio"
    (profile,) = value["profiles"]
    assert profile["cells"][1]["failedClaims"] == ["a claim"]
    assert profile["cells"][1]["statistics"]["failed"] == 1


def test_every_spelling_is_the_same_document() -> None:
    """What YAML says, JSON says."""
    assert yaml.safe_load(document.to_yaml(REPORT)) == json.loads(document.to_json(REPORT))


def test_another_file_is_none(tmp_path: Path) -> None:
    """Neither a run's record, nor nonsense, nor nothing at all."""
    for name, text in (("a.json", '{"run": {}}'), ("b.yaml", "a: [b"), ("c.yaml", "")):
        (tmp_path / name).write_text(text)
        assert document.find(str(tmp_path / name), tmp_path) is None
        with pytest.raises(UsageError, match="no QualificationReport of this version"):
            document.read(tmp_path / name)
    with pytest.raises(UsageError, match="there is no such file"):
        document.read(tmp_path / "gone.yaml")


def test_the_published_schema_is_current() -> None:
    """It is what the model says; `python -m reports.qualification.schema` writes it."""
    assert PUBLISHED.read_text() == schema()


def test_a_document_fits_the_published_schema() -> None:
    """Programs that know the schema can read it, and another kind does not pass."""
    judge = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text()))
    value = json.loads(document.to_json(REPORT))

    judge.validate(value)
    with pytest.raises(jsonschema.ValidationError):
        judge.validate({**value, "kind": "ConformanceReport"})


def test_a_key_that_nobody_knows_is_refused() -> None:
    """Another version's document is not half understood."""
    value = json.loads(document.to_json(REPORT)) | {"mode": "strict"}

    with pytest.raises(ValueError, match="mode"):
        QualificationReport.model_validate(value)
