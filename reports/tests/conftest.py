"""A real browser for the tests that look at what it makes of a report: Debian's chromium."""

from collections.abc import Iterator
import os
import shutil
from typing import Any

import pytest

PATIENCE = 120_000
"""Milliseconds that it may take to start: a machine that tests side by side is slow."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Drive chromium by playwright; skips, and says so, where one of the two is not installed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: `apt-get install chromium`")
    reason = "playwright is not installed: `pip install -e '.[browser]'`"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(
            executable_path=chromium, args=arguments, timeout=PATIENCE
        )
        yield started
        started.close()
