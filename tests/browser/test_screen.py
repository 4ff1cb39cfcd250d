"""The live page on every screen, in both languages, for every eye."""

from collections.abc import Iterator

import pytest
from made_station import MadeStation
from page_server import OpenPage
from playwright.sync_api import Page, expect

from edgeinspect.core.delivery import StationMode
from edgeinspect.core.inspection import StationAddress
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.link import Link

pytestmark = pytest.mark.browser

OVERFLOW = "() => [innerWidth, innerHeight, root.scrollWidth, root.scrollHeight]".replace(
    "root", "document.documentElement"
)
# Tiles of the row that are seen in part.
CUT_TILES = """() => {
  const row = document.querySelector("nav ol").getBoundingClientRect();
  const spans = [...document.querySelectorAll("nav button")]
    .map((tile) => tile.getBoundingClientRect())
    .map(({ left, right }) => [left - row.left, right - row.left]);
  return spans.filter(([left, right]) => left < row.width - 0.5 && right > row.width + 0.5);
}"""
# The contrast of WCAG 2.2 (1.4.3) of every text against the nearest ground that is painted.
LOW_CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3)
      .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const pair = [light(getComputedStyle(element).color), light(ground(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) low.push(`${texts.currentNode.data}: ${ratio.toFixed(1)}`);
  }
  return low;
}"""


def language_of(page: Page) -> object:
    return page.evaluate("document.documentElement.lang")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_nothing_is_cut_off(
    open_page: OpenPage, station: MadeStation, size: tuple[int, int], locale: str
) -> None:
    page = open_page(size, locale)
    station.announce(StationMode.DEGRADED, "the outbox has not reached the broker for 40 s")
    for _ in range(20):
        station.inspect(Verdict.REVIEW, reason=ReasonCode.FRAME_UNLIKE_TAUGHT)
    expect(page.get_by_role("navigation").get_by_role("button")).to_have_count(20)
    width, height, wide, high = page.evaluate(OVERFLOW)
    assert wide == width
    assert high == height or size[0] < 500
    station.inspect()
    row = page.get_by_role("navigation")
    expect(row.get_by_role("button").first).to_contain_text("EW26-000021")
    assert row.get_by_role("list").evaluate("(list) => list.scrollLeft") == 0
    assert page.evaluate(CUT_TILES) == []


def test_the_language_is_the_browsers_until_a_person_chooses(open_page: OpenPage) -> None:
    page = open_page(locale="zh-CN")
    assert language_of(page) == "zh-CN"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="This shift")).to_be_visible()
    assert language_of(page) == "en"
    page.reload()
    expect(page.get_by_role("heading", name="This shift")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="本班")).to_be_visible()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_text_stands_out(open_page: OpenPage, station: MadeStation, verdict: Verdict) -> None:
    page = open_page()
    station.announce(StationMode.DEGRADED, "the disk is nearly full")
    station.inspect(verdict, boxes=((50, 50, 90, 90),), reason=ReasonCode.ABOVE_THRESHOLD)
    expect(page.locator(f"section[data-verdict='{verdict}']")).to_be_visible()
    page.get_by_role("navigation").get_by_role("button").click()
    expect(page.get_by_role("button", name="Back to live")).to_be_visible()
    assert page.evaluate(LOW_CONTRAST) == []


def test_verdicts_differ_by_shape_and_not_by_colour_alone(
    open_page: OpenPage, station: MadeStation
) -> None:
    page = open_page()
    shapes = set()
    for verdict in Verdict:
        station.inspect(verdict)
        panel = page.locator(f"section[data-verdict='{verdict}']")
        expect(panel).to_be_visible()
        shapes.add(panel.locator("svg path").first.get_attribute("d"))
    assert len(shapes) == len(Verdict)


def test_one_of_several_stations_is_chosen(
    open_page: OpenPage, station: MadeStation, link: Link, addresses: Iterator[StationAddress]
) -> None:
    other = MadeStation(link, next(addresses))
    station.inspect()
    other.inspect(Verdict.FAIL)
    page = open_page()
    expect(page.locator("section[data-verdict='pass']")).to_be_visible()
    page.get_by_label("Station").select_option(str(other.address))
    expect(page.locator("section[data-verdict='fail']")).to_be_visible()
    assert page.url.endswith(f"?station={other.address}")
