"""The live page of a station that joins views: which camera saw what of the part."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import pytest
from made_station import MadeStation
from page_server import OpenPage
from playwright.sync_api import Locator, Page, expect

from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.part import PartContext
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.core.views import Views
from edgeinspect.decision.views import sighting_of
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.station.joining.joiner import Joiner
from edgeinspect.station.joining.matcher import ViewedPart

pytestmark = pytest.mark.browser

BOX = ((100.0, 100.0, 200.0, 160.0),)
WITHIN_MS = 2000.0


@pytest.fixture
def cameras(station: MadeStation, addresses: Iterator[StationAddress]) -> list[MadeStation]:
    """Two stations that look at the parts of `station`."""
    return [replace(station, address=next(addresses)) for _ in range(2)]


def join(station: MadeStation, cameras: list[MadeStation], seen: list[Inspection]) -> None:
    """Have `station` say what follows from what was seen."""
    now_s, names = monotonic(), tuple(each.address.station for each in cameras)
    part = ViewedPart(
        "part",
        seen[0].captured_at,
        now_s,
        now_s,
        views={it.station: sighting_of(it) for it in seen},
    )
    joiner = Joiner(
        Views(names, WITHIN_MS), Recipe(), station.address, PartContext(), Purpose.PRODUCTION
    )
    station.sequence += 1
    joint = joiner.inspect(part, station.boot, station.sequence)
    topic = str(Topic(station.address, Channel.INSPECTION))
    station.link.publish(Message(topic, joint.model_dump_json().encode()))


def shown_of(page: Page, camera: MadeStation) -> Locator:
    views = page.get_by_role("list", name="What each station saw")
    return views.get_by_role("listitem").filter(has_text=camera.address.station).first


def test_each_view_is_shown_with_its_verdict_picture_and_findings(
    open_page: OpenPage, station: MadeStation, cameras: list[MadeStation]
) -> None:
    page = open_page()
    top, side = cameras
    scratched = ReasonCode.ABOVE_THRESHOLD
    seen = [top.inspect(), side.inspect(Verdict.FAIL, boxes=BOX, reason=scratched)]
    join(station, cameras, seen)
    for camera, word in ((top, "OK"), (side, "NG")):
        shown = shown_of(page, camera)
        expect(shown).to_contain_text(word)
        expect(shown.get_by_role("img", name="EW26-")).to_be_visible()
    expect(shown_of(page, side).locator("[data-finding]")).to_have_count(1)
    expect(shown_of(page, top).locator("[data-finding]")).to_have_count(0)
    expect(page.get_by_text(f"{side.address.station}: Looks too different")).to_be_visible()


def test_a_view_that_said_nothing_is_named(
    open_page: OpenPage, station: MadeStation, cameras: list[MadeStation]
) -> None:
    page = open_page()
    top, side = cameras
    join(station, cameras, [top.inspect()])
    expect(shown_of(page, side)).to_contain_text("not seen in time")
    expect(page.get_by_text("Not every camera has seen this part in time")).to_be_visible()
    expect(shown_of(page, top).get_by_role("img", name="EW26-")).to_be_visible()
