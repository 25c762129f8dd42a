"""The JSON schema of a qualification, published beside this file for programs that read one.

`python -m reports.qualification.schema` writes it anew after the model changed.
"""

from pathlib import Path

from reports import files
from reports.qualification.model import QualificationReport
from reports.schema import schema_of

PUBLISHED = Path(__file__).with_name("schema.json")


def schema() -> str:
    """Return the schema of what `document.write` writes."""
    return schema_of(QualificationReport)


if __name__ == "__main__":
    files.write(PUBLISHED, schema())
