"""What the live page says when what it shows is not what is on the line now."""

import pytest
from made_station import MadeStation
from page_server import OpenPage, PageServer
from playwright.sync_api import expect

from edgeinspect.core.delivery import StationMode
from edgeinspect.core.verdict import Verdict

pytestmark = pytest.mark.browser


def test_a_dead_server_is_said_and_the_page_comes_back_by_itself(
    open_page: OpenPage, station: MadeStation, server: PageServer
) -> None:
    page = open_page()
    station.inspect(Verdict.FAIL)
    verdict = page.locator("section[data-verdict]").first
    expect(verdict).to_have_attribute("data-verdict", "fail")

    server.kill()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("No connection to the server")
    expect(page.get_by_text("since ").first).to_be_visible()
    expect(verdict).to_have_attribute("data-verdict", "none")
    expect(verdict).to_contain_text("The last part was NG")

    server.start()
    expect(alert).to_be_hidden(timeout=15_000)
    expect(verdict).to_have_attribute("data-verdict", "fail")
    station.inspect()
    expect(verdict).to_have_attribute("data-verdict", "pass", timeout=20_000)


def test_a_silent_server_is_as_good_as_dead(
    open_page: OpenPage, station: MadeStation, server: PageServer
) -> None:
    page = open_page()
    page.clock.install()
    station.inspect()
    expect(page.locator("section[data-verdict='pass']")).to_be_visible()
    alert = page.get_by_role("alert")
    server.freeze()
    try:
        page.clock.fast_forward(26_000)
        expect(alert).to_contain_text("No connection to the server")
    finally:
        server.thaw()
    expect(alert).to_be_hidden(timeout=15_000)


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        (StationMode.FAULT, "The station is in fault"),
        (StationMode.STOPPED, "The station was stopped"),
        (StationMode.OFFLINE, "The station does not answer"),
    ],
)
def test_a_station_that_stands_still_shows_no_verdict(
    open_page: OpenPage, station: MadeStation, mode: StationMode, sentence: str
) -> None:
    page = open_page()
    station.announce(StationMode.RUNNING)
    station.inspect()
    verdict = page.locator("section[data-verdict]").first
    expect(verdict).to_have_attribute("data-verdict", "pass")
    expect(page.get_by_role("alert")).to_be_hidden()
    station.announce(mode, "the camera gives no frames")
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_role("alert")).to_contain_text("the camera gives no frames")
    expect(verdict).to_contain_text("NOT LIVE")
    station.announce(StationMode.RUNNING)
    expect(verdict).to_have_attribute("data-verdict", "pass")


def test_a_degraded_station_says_so_and_goes_on(open_page: OpenPage, station: MadeStation) -> None:
    page = open_page()
    station.announce(StationMode.DEGRADED, "the disk is nearly full")
    station.inspect()
    expect(page.get_by_role("alert")).to_contain_text("the disk is nearly full")
    expect(page.locator("section[data-verdict='pass']")).to_be_visible()
