from html.parser import HTMLParser
import re

import pytest

from harness.verdict import failed
from reports.compose import compose
from reports.html import html
from reports.tests.records import claimed, dumped, ending, facts, ran_all, replies
from reports.tests.whole import big, broken

LIMIT = 300_000


class Reader(HTMLParser):
    """Gathers ids, links and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what leads somewhere."""
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and tag == "a" and value:
                self.links.append(value)
            if name in ("src", "srcset") or (name == "href" and tag == "link"):
                self.sources.append(value or "")


@pytest.fixture(scope="module")
def page() -> str:
    """The page of a run in which everything went wrong."""
    return html(broken())


def test_every_link_within_the_page_leads_to_something(page: str) -> None:
    """Ids are there once, and each failure's evidence is among them."""
    reader = Reader(page)

    assert len(reader.ids) == len(set(reader.ids))
    wanted = {link[1:] for link in reader.links if link.startswith("#")}
    assert wanted <= set(reader.ids)


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    """No source but an empty icon, and a policy that forbids all others."""
    assert Reader(page).sources == ["data:,"]
    assert "default-src 'none'" in page


def test_a_run_of_seven_topologies_is_under_300_kilobytes() -> None:
    """With some thirty claims each and all their evidence."""
    assert len(html(big(7)).encode()) < LIMIT


def test_the_verdict_comes_first(page: str) -> None:
    """Before failures, and those before topologies."""
    places = [page.index(words) for words in ("<h1>", 'id="failures"', 'class="topology"')]

    assert places == sorted(places)


def test_not_tested_stands_apart_from_failed(page: str) -> None:
    """What was never tried has a list of its own."""
    section = page[page.index('id="t-multi-primary-two-networks"') :]

    assert "<h3>Not tested</h3>" in section
    assert "2 not tested" in section


def test_what_programs_said_cannot_become_markup() -> None:
    """Words from the mesh are text."""
    verdict = failed(
        replies("cluster1", "cluster1", error="<script>alert(1)</script>"),
        "<img src=x>",
        expected="<b>",
        got="</style>",
    )
    claim = claimed(verdict, test="scenarios/test_x.py::test_<u>[primary-remote]")
    page = html(compose(facts(), [claim], ran_all(claim), ending(1)))

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<u>" not in page


def test_a_run_that_never_began_has_a_page() -> None:
    """It says why."""
    page = html(compose(facts(), [], [], ending(10, "the machine has no memory left")))

    assert "the machine has no memory left" in page


def test_long_output_of_a_test_is_cut_and_said_to_be_elsewhere(page: str) -> None:
    """The page names report.json, which holds all of it."""
    assert re.search(r'href="report.json"', page)


def test_a_dump_is_a_link_to_its_first_page() -> None:
    """It lies beside the page, so the link leads there wherever the folder is taken."""
    page = html(compose(facts(), [dumped()], [], ending(1)))

    assert "primary-remote/dump/README.md" in Reader(page).links
    assert "3.2 MB in 2.8 s" in page
