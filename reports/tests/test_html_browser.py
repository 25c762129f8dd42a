"""The page in a real browser: Debian's chromium, driven by playwright."""

from collections.abc import Callable, Iterator
import os
from pathlib import Path
from typing import Any

import pytest

from reports.html import html
from reports.tests.whole import broken

AXE = Path(os.environ.get("MESHPROOF_AXE", "axe.min.js"))

Open = Callable[..., Any]


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open the page of a run in which everything went wrong; requests and complaints are kept."""
    path = tmp_path / "index.html"
    path.write_text(html(broken()), encoding="utf-8")
    contexts = []

    def start(fragment: str = "", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path.as_uri() + fragment)
        return page

    yield start
    for context in contexts:
        context.close()


def test_no_request_leaves_the_page_and_nothing_complains(page: Open) -> None:
    """One file, and the policy lets its own style and script through."""
    opened = page()

    assert [url.startswith("file:") for url in opened.requests] == [True]
    assert opened.complaints == []


def test_the_policy_stops_what_would_leave(page: Open) -> None:
    """A picture from elsewhere is refused by the browser itself."""
    opened = page()
    opened.evaluate(
        "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:1/'}))"
    )
    opened.wait_for_timeout(100)

    assert any("Content Security Policy" in words for words in opened.complaints)


def test_the_filter_shows_what_is_red(page: Open) -> None:
    """Choosing and typing narrow the claims, and the count says how many are left."""
    opened = page()
    opened.get_by_label("Show").select_option("red")
    assert opened.locator("#found").text_content() == "3 of 22 claims"

    opened.get_by_label("Find").fill("nowhere")
    assert opened.locator("#found").text_content() == "1 of 22 claims"
    assert opened.locator(".claims details:visible").count() == 1


def test_a_link_to_a_claim_opens_it_even_when_filtered_away(page: Open) -> None:
    """Following the evidence of a failure shows it."""
    opened = page()
    opened.get_by_label("Find").fill("nothing has these words")
    opened.locator(".failure a").nth(1).click()

    claim = opened.locator(opened.evaluate("location.hash").replace(".", "\\."))
    claim.wait_for(state="visible")
    assert claim.evaluate("each => each.open")


def test_a_cell_opens_its_evidence_by_keyboard(page: Open) -> None:
    """Tab reaches the cell, Enter opens it, the claims behind it are links."""
    opened = page()
    cell = opened.locator(".matrix summary").first
    cell.focus()
    opened.keyboard.press("Enter")

    assert opened.locator(".matrix details[open] a").first.is_visible()


def test_all_that_can_be_done_can_be_reached_by_keyboard(page: Open) -> None:
    """From the skip link on, each press of Tab lands on something visible."""
    opened = page()
    seen = []
    for _ in range(12):
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate("document.activeElement.textContent.trim().slice(0, 20)"))

    assert seen[0] == "Skip to the report"
    assert len(set(seen)) > 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_screen_of_320_pixels(page: Open, scheme: str) -> None:
    """Only tables and diagrams scroll sideways, each in its own frame."""
    opened = page(viewport={"width": 320, "height": 640}, color_scheme=scheme)

    assert opened.evaluate("document.documentElement.scrollWidth") == 320


def test_dark_and_light_differ(page: Open) -> None:
    """The page follows what the reader's system asks for."""
    colours = {
        page(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }

    assert len(colours) == 2


def test_it_reads_without_its_script(page: Open) -> None:
    """Evidence opens and nothing is hidden but the filter."""
    opened = page(java_script_enabled=False)

    assert not opened.locator("#filter").is_visible()
    opened.locator(".claims details:not([open]) summary").first.click()
    assert opened.locator(".claims details ul").first.is_visible()


def test_it_prints_dark_on_light_without_its_controls(page: Open) -> None:
    """Paper has no filter and no dark scheme."""
    opened = page(color_scheme="dark")
    opened.emulate_media(media="print")

    assert not opened.locator("#filter").is_visible()
    background = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"


@pytest.mark.skipif(
    not AXE.is_file(),
    reason=f"{AXE} is not there: `npm pack axe-core`, unpack it, MESHPROOF_AXE=.../axe.min.js",
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Open, scheme: str) -> None:
    """Everything opened, in both schemes."""
    opened = page(color_scheme=scheme)
    opened.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    found = opened.evaluate("axe.run()")

    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
    assert {"color-contrast", "heading-order", "list"} <= {each["id"] for each in found["passes"]}
