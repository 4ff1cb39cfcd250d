"""What the live page says when what it shows is not what is on the line now."""

from collections.abc import Callable
from pathlib import Path

import pytest
from made_station import MadeStation
from page_server import OpenPage, PageServer
from playwright.sync_api import Browser, expect
from processes import running, settings_file, wait_for_port

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


def test_a_server_that_froze_makes_no_old_part_live(
    open_page: OpenPage, station: MadeStation, server: PageServer
) -> None:
    page = open_page()
    page.clock.install()
    station.inspect()
    shown = page.locator("[data-freshness]").first
    expect(page.locator("section[data-verdict='pass']")).to_be_visible()
    expect(shown).to_have_attribute("data-freshness", "live")
    server.freeze()
    try:
        # To the page, what the server then sends is stamped 32 s before it arrives.
        page.clock.fast_forward(32_000)
        expect(shown).to_have_attribute("data-freshness", "notLive")
    finally:
        server.thaw()
    expect(page.get_by_role("alert")).to_be_hidden(timeout=15_000)
    expect(shown).to_have_attribute("data-freshness", "waiting")
    page.clock.run_for(90_000)
    expect(shown).to_have_attribute("data-freshness", "waiting")
    expect(page.get_by_text("LIVE", exact=True)).to_be_hidden()


def test_a_server_without_its_broker_shows_no_verdict(
    browser: Browser, free_port: Callable[[], int], tmp_path: Path
) -> None:
    broker_port, port = free_port(), free_port()
    text = f"[mqtt]\nport = {broker_port}\n[server]\nport = {port}\n"
    config = settings_file(tmp_path, text)
    listening = ("broker", "--config", str(config), "--data", str(tmp_path))
    with running(*listening) as broker:
        wait_for_port(broker_port)
        server = PageServer(config, port)
        context = browser.new_context(locale="en-GB")
        try:
            page = context.new_page()
            page.goto(server.url)
            alert = page.get_by_role("alert")
            expect(page.get_by_text("No station has reported yet")).to_be_visible(timeout=15_000)
            broker.terminate()
            expect(alert).to_contain_text("The server gets no messages", timeout=15_000)
            expect(page.get_by_text("cannot be reached (Connection refused)")).to_be_visible()
            expect(page.locator("section[data-verdict]")).to_contain_text("NOT LIVE")
            with running(*listening):
                expect(alert).to_be_hidden(timeout=30_000)
        finally:
            context.close()
            server.kill()


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        (StationMode.FAULT, "The station is in fault"),
        (StationMode.STOPPED, "The station was stopped"),
        (StationMode.PAUSED, "The station is paused and inspects nothing"),
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
