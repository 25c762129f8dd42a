"""The templates, styles and scripts of what reports write."""

from pathlib import Path

import jinja2

PAGE = Path(__file__).parent / "page"


def environment() -> jinja2.Environment:
    """Return what renders the templates: words are escaped, no name may be missing."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )


def source(*names: str) -> str:
    """Return files as they are, one after the other."""
    return "".join((PAGE / name).read_text(encoding="utf-8") for name in names)
