"""The JSON schema of report.json, published beside this file for programs that read it.

`python -m reports.schema` writes it anew after the model changed.
"""

import json
from pathlib import Path

from pydantic import BaseModel

from reports import files
from reports.report import Report

PUBLISHED = Path(__file__).with_name("schema.json")


def schema() -> str:
    """Return the schema of what `to_json` writes."""
    return schema_of(Report)


def schema_of(model: type[BaseModel]) -> str:
    """Return the schema of what is written of a model."""
    found = model.model_json_schema(mode="serialization", by_alias=True)
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    files.write(PUBLISHED, schema())
