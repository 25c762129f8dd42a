"""The JSON schema of a qualification, published beside this file for programs that read one.

`python -m reports.qualification.schema` writes it anew after the model changed.
"""

import json
from pathlib import Path

from reports import files
from reports.qualification.model import QualificationReport

PUBLISHED = Path(__file__).with_name("schema.json")


def schema() -> str:
    """Return the schema of what `document.write` writes."""
    model = QualificationReport.model_json_schema(mode="serialization", by_alias=True)
    model["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(model, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    files.write(PUBLISHED, schema())
