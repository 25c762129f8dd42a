from pathlib import Path
import shutil
from string import Template
import subprocess  # noqa: TID251  # asks Debian's shell whether a script can be read

import pytest

from harness.engine.stack.sources import FOLDER, source


def test_a_template_is_filled_in() -> None:
    """A template with its values has no place left to fill in."""
    text = source("tool.mod.template", package="a/b", module="a", version="1.2.3")
    assert "tool a/b" in text
    assert "require a v1.2.3" in text


def test_a_template_without_its_values_is_refused() -> None:
    """A value that was forgotten is an error, never an empty word."""
    with pytest.raises(KeyError):
        source("tool.mod.template", package="a/b")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.template")), ids=lambda path: path.name)
def test_templates_hold_nothing_but_names(path: Path) -> None:
    """Every dollar sign of a template begins a name."""
    assert Template(path.read_text()).is_valid()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.go")), ids=lambda path: path.name)
def test_go_files_say_what_they_are(path: Path) -> None:
    """Each Go program of ours opens with a sentence about itself."""
    assert path.read_text().startswith("// Package main ")


def test_the_script_is_a_script() -> None:
    """The shell can read the script that unpacks images."""
    shell = shutil.which("sh")
    assert shell is not None
    subprocess.run([shell, "-n", FOLDER / "unpack.sh"], check=True)
