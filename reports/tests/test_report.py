import json

import jsonschema
from pydantic import ValidationError
import pytest

from reports.compose import compose
from reports.report import Report, from_json, to_json
from reports.schema import PUBLISHED, schema
from reports.tests.records import ending, facts, ran_all, reached, replies, set_up, skipped


@pytest.fixture
def report() -> Report:
    """A small run of one topology."""
    claim = reached("cluster1", replies("cluster1", "cluster1", "cluster2"))
    return compose(facts(), [set_up(), claim, skipped()], ran_all(claim), ending())


def test_json_both_ways_is_the_same_report(report: Report) -> None:
    """What is read back equals what was written."""
    assert from_json(to_json(report)) == report


def test_the_version_is_spelled_as_readers_look_for_it(report: Report) -> None:
    """The document says schemaVersion."""
    assert json.loads(to_json(report))["schemaVersion"] == "1.0"


def test_a_report_of_another_version_is_refused(report: Report) -> None:
    """A version that this model does not know is an error, not a guess."""
    text = to_json(report).replace('"schemaVersion": "1.0"', '"schemaVersion": "9.0"')

    with pytest.raises(ValidationError, match="schemaVersion"):
        from_json(text)


def test_the_published_schema_is_current() -> None:
    """reports/schema.json is what the model says; `python -m reports.schema` writes it."""
    assert PUBLISHED.read_text() == schema()


def test_a_report_fits_the_published_schema(report: Report) -> None:
    """A written report is valid by the schema, judged by a program that knows only JSON."""
    jsonschema.validate(json.loads(to_json(report)), json.loads(PUBLISHED.read_text()))
