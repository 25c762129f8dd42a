from ipaddress import IPv4Network
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from harness.addresses import carve
from harness.plan import plan
from harness.topology import Cluster, Topology
from harness.topology_file import find, known
from reports.blueprint import svg
from reports.columns import Need

FIVE = Topology(
    name="five",
    title="Five clusters on three networks, two of them remotes; <all> & more",
    clusters=tuple(
        Cluster(
            name=name,
            network=network,
            primary=primary,
            pods=IPv4Network(f"10.{number}0.0.0/16"),
            services=IPv4Network(f"10.1{number}0.0.0/16"),
        )
        for number, (name, network, primary) in enumerate(
            [
                ("east", "network1", "east"),
                ("east-edge", "network1", "east"),
                ("west-of-everything-else", "a-network-of-its-own", "west-of-everything-else"),
                ("west-edge", "a-network-of-its-own", "west-of-everything-else"),
                ("north", "network3", "north"),
            ],
            1,
        )
    ),
)
EVERY = [*(find(path.stem) for path in known()), FIVE]
NAMES = [each.name for each in EVERY]


def drawn(topology: Topology) -> str:
    """Return the drawing of a topology and its plan."""
    names = topology.names
    carved = carve(IPv4Network("172.18.0.0/16"), count=len(names), size=16)
    pools = dict(zip(names, carved, strict=True))
    gateways = {name: str(pools[name].first) for name in names if topology.has_gateway(name)}
    return svg(
        topology,
        gateways,
        [
            Need(task.name, task.step.cluster, str(task.step.layer), task.after)
            for task in plan(topology, pools).tasks
        ],
    )


@pytest.mark.parametrize("topology", EVERY, ids=NAMES)
def test_it_is_one_svg_that_says_everything_and_runs_nothing(topology: Topology) -> None:
    """Well-formed XML; each cluster, network and step is in it; no script, nothing from outside."""
    text = drawn(topology)
    root = ET.fromstring(text)  # noqa: S314  # our own text
    words = " ".join("".join(each.itertext()) for each in root.iter() if each.tag.endswith("text"))

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert all(name in words for name in (*topology.names, *topology.networks))
    assert "script" not in {each.tag.partition("}")[2] for each in root.iter()}
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("httpbin", "")


@pytest.mark.parametrize("topology", EVERY, ids=NAMES)
def test_no_words_overlap_in_a_browser(browser: Any, topology: Topology, tmp_path: Path) -> None:
    """With the fonts of this machine: words are beside each other, within the picture."""
    path = tmp_path / "plan.svg"
    path.write_text(drawn(topology), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    found: list[dict[str, Any]] = page.evaluate(
        """[...document.querySelectorAll("text")].map(each => {
             const at = each.getBoundingClientRect()
             return {words: each.textContent, left: at.left, right: at.right, top: at.top,
                     bottom: at.bottom}})"""
    )
    width = page.evaluate("document.documentElement.viewBox.baseVal.width")
    cards = page.evaluate(
        """[...document.querySelectorAll(".card, g:has(> .box)")].every(card => {
             const frame = card.querySelector("rect").getBoundingClientRect()
             return [...card.querySelectorAll("text")].every(text =>
               text.getBoundingClientRect().right < frame.right)})"""
    )
    page.close()

    overlapping = [
        (one["words"], other["words"])
        for number, one in enumerate(found)
        for other in found[:number]
        if one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] + 1 < other["bottom"]
        and other["top"] + 1 < one["bottom"]
    ]
    assert overlapping == []
    assert cards
    assert max(each["right"] for each in found) <= width
