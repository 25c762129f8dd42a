"""Fixtures of real engines: an empty cache and a tiny stack for each module."""

# ruff: noqa: INP001  # test folders are found by pytest, not imported

from pathlib import Path

import pytest

from harness.drivers.shell import LocalShell
from harness.engine import Stack
from harness.tests.engine_parts import tiny_stack


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty cache on a short path."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Return a stack with a tiny image in place of a node."""
    return tiny_stack(tmp_path_factory.mktemp("stack"), LocalShell())
