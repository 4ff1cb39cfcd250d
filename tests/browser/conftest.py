"""A real Chromium before a real server, fed by a station made for each test."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from threading import Event

import pytest
from made_station import MadeStation
from page_server import LAPTOP, OpenPage, PageServer
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from processes import settings_file
from required import missing

from edgeinspect.api.pages import STATIC
from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.settings.tree import MqttSettings

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; while it is open, its event loop holds this thread."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("install Chromium: apt-get install chromium")
    if not (STATIC / "index.html").is_file():
        missing("build the page: make page")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(
    broker: MqttSettings, free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PageServer]:
    """A server, shared by the tests of a file."""
    port = free_port()
    text = f"[mqtt]\nport = {broker.port}\n[server]\nport = {port}\n"
    running = PageServer(settings_file(tmp_path_factory.mktemp("server"), text), port)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def link(broker: MqttSettings) -> Iterator[Link]:
    """A connection to the broker that all stations of a file speak by."""
    connected = Event()
    opened = Link(broker, "made-stations", on_connected=connected.set)
    opened.open()
    assert connected.wait(10)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def addresses() -> Iterator[StationAddress]:
    """Station addresses, each given once."""
    return (StationAddress(station=f"station-{number}") for number in count(1))


@pytest.fixture
def station(link: Link, addresses: Iterator[StationAddress]) -> MadeStation:
    """A station that has inspected nothing yet."""
    return MadeStation(link, next(addresses))


@pytest.fixture
def open_page(browser: Browser, server: PageServer, station: MadeStation) -> Iterator[OpenPage]:
    """Open the station's page, connected, in a browser profile of its own.

    Afterwards no page may have complained, or have asked another host for anything. That the
    server refused a connection is not the page's fault.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(size: tuple[int, int] = LAPTOP, locale: str = "en-GB") -> Page:
        viewport: ViewportSize = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, locale=locale, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url))
        page.goto(f"{server.url}?station={station.address!s}")
        shown = page.locator("[data-freshness]").first
        expect(shown).not_to_have_attribute("data-freshness", "connecting")
        return page

    yield open_one
    for context in contexts:
        context.close()
    excused = (server.url, "Failed to load resource: net::ERR_")
    assert not [text for text in complaints if not text.startswith(excused)]
