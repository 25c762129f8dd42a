"""The files of ours that go into the stack: Go programs, go.mod templates, node settings."""

from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent


def source(name: str, **values: str) -> str:
    """Return the text of one of them; a template is filled in with the values."""
    text = (FOLDER / name).read_text()
    return Template(text).substitute(values) if name.endswith(".template") else text
