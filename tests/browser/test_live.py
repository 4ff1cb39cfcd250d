"""The live page: what an operator sees of each part."""

import pytest
from made_station import HEIGHT_PX, WIDTH_PX, MadeStation
from page_server import OpenPage
from playwright.sync_api import Locator, Page, expect

from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Verdict

pytestmark = pytest.mark.browser

OUTLINE_PX = 3
"""The outline stands this far outside the box it marks."""


def box_of(shown: Locator) -> dict[str, float]:
    """Return where an element lies, without its stroke."""
    box = shown.evaluate("(element) => element.getBoundingClientRect().toJSON()")
    return {name: box[name] for name in ("x", "y", "width", "height")}


def right_of(shown: Locator) -> float:
    return box_of(shown)["x"] + box_of(shown)["width"]


def picture_of(page: Page) -> Locator:
    return page.get_by_role("img", name="EW26-")


def tiles_of(page: Page) -> Locator:
    return page.get_by_role("navigation").get_by_role("button")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_findings_are_drawn_where_they_are(
    open_page: OpenPage, station: MadeStation, size: tuple[int, int]
) -> None:
    boxes = ((64.0, 48.0, 128.0, 120.0), (500.0, 300.0, 520.0, 312.0))
    page = open_page(size)
    station.inspect(Verdict.FAIL, boxes=boxes, reason=ReasonCode.ABOVE_THRESHOLD)
    expect(picture_of(page)).to_be_visible()
    picture = box_of(picture_of(page))
    assert picture["width"] / picture["height"] == pytest.approx(WIDTH_PX / HEIGHT_PX, rel=0.01)
    scale = picture["width"] / WIDTH_PX
    for number, (left, top, right, bottom) in enumerate(boxes):
        outline = box_of(page.locator(f"[data-finding='{number}']"))
        expected = {
            "x": picture["x"] + left * scale - OUTLINE_PX,
            "y": picture["y"] + top * scale - OUTLINE_PX,
            "width": (right - left) * scale + 2 * OUTLINE_PX,
            "height": (bottom - top) * scale + 2 * OUTLINE_PX,
        }
        assert outline == pytest.approx(expected, abs=1)
    labels = page.get_by_role("list", name="Findings").get_by_role("listitem")
    expect(labels).to_have_text(["anomaly", "anomaly"])


@pytest.mark.parametrize(
    ("locale", "verdict", "word", "reason", "sentence"),
    [
        ("en-GB", Verdict.PASS, "OK", None, "No defect found"),
        ("en-GB", Verdict.FAIL, "NG", ReasonCode.ABOVE_THRESHOLD, "too different from good parts"),
        ("en-GB", Verdict.REVIEW, "REVIEW", ReasonCode.JUDGE_FAILED, "could not judge"),
        ("zh-CN", Verdict.PASS, "OK", None, "未发现缺陷"),
        ("zh-CN", Verdict.FAIL, "NG", ReasonCode.ABOVE_THRESHOLD, "与良品差异过大"),
        ("zh-CN", Verdict.REVIEW, "复判", ReasonCode.JUDGE_FAILED, "模型无法判定此件"),
    ],
)
def test_the_verdict_is_large_and_says_why(
    open_page: OpenPage,
    station: MadeStation,
    locale: str,
    verdict: Verdict,
    word: str,
    reason: ReasonCode | None,
    sentence: str,
) -> None:
    page = open_page(locale=locale)
    station.inspect(verdict, reason=reason)
    panel = page.locator(f"section[data-verdict='{verdict}']")
    shown = panel.locator("strong")
    expect(shown).to_have_text(word)
    expect(panel).to_contain_text(sentence)
    assert box_of(shown)["height"] >= 75
    assert (
        box_of(shown)["x"] + box_of(shown)["width"] <= box_of(panel)["x"] + box_of(panel)["width"]
    )


def test_the_shift_is_counted_with_its_uncertainty(
    open_page: OpenPage, station: MadeStation
) -> None:
    page = open_page()
    for verdict in [*[Verdict.PASS] * 7, Verdict.FAIL, Verdict.FAIL, Verdict.REVIEW]:
        station.inspect(verdict)
    shift = page.locator("section", has=page.get_by_role("heading", name="This shift"))
    expect(shift.get_by_text("Inspected")).to_have_text("Inspected 10")
    expect(shift.locator("[data-verdict='pass'] dd")).to_have_text("7")
    expect(shift.locator("[data-verdict='fail'] dd")).to_have_text("2")
    expect(shift.locator("[data-verdict='review'] dd")).to_have_text("1")
    expect(shift).to_contain_text("NG rate20.0%95% interval 5.7% – 51.0%")  # Wilson, 2 of 10


def test_the_strip_holds_the_last_twenty_parts_newest_first(
    open_page: OpenPage, station: MadeStation
) -> None:
    for _ in range(15):
        station.inspect()
    page = open_page()
    for _ in range(10):
        station.inspect()
    expect(tiles_of(page).first).to_contain_text("EW26-000025")
    expect(tiles_of(page)).to_have_count(20)
    expect(tiles_of(page).last).to_contain_text("EW26-000006")


def test_a_chosen_part_stays_until_the_operator_goes_back(
    open_page: OpenPage, station: MadeStation
) -> None:
    page = open_page()
    station.inspect(Verdict.FAIL)
    station.inspect()
    expect(tiles_of(page)).to_have_count(2)
    tiles_of(page).last.click()
    word = page.locator("section[data-verdict] strong")
    expect(word).to_have_text("NG")
    station.inspect(Verdict.REVIEW)
    back = page.get_by_role("button", name="Back to live")
    expect(back).to_contain_text("2 newer")
    expect(word).to_have_text("NG")
    back.click()
    expect(word).to_have_text("REVIEW")
    expect(back).to_be_hidden()


def test_the_strip_is_worked_with_the_keyboard(open_page: OpenPage, station: MadeStation) -> None:
    page = open_page()
    station.inspect(Verdict.FAIL)
    station.inspect()
    expect(tiles_of(page)).to_have_count(2)
    tiles_of(page).first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles_of(page).last).to_be_focused()
    page.keyboard.press("Enter")
    expect(tiles_of(page).last).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(tiles_of(page).last).to_have_attribute("aria-pressed", "false")


def test_the_row_stands_still_under_the_pointer(open_page: OpenPage, station: MadeStation) -> None:
    page = open_page()
    for _ in range(3):
        station.inspect()
    expect(tiles_of(page)).to_have_count(3)
    tiles_of(page).nth(1).hover()
    for _ in range(4):
        station.inspect()
    row = page.get_by_role("navigation")
    expect(row.get_by_text("+4")).to_be_visible()
    expect(tiles_of(page)).to_have_count(3)
    page.mouse.down()
    page.mouse.up()
    pressed = row.locator("[aria-pressed='true']")
    expect(pressed).to_contain_text("EW26-000002")
    expect(picture_of(page)).to_have_attribute("alt", "Picture of part EW26-000002")
    page.keyboard.press("ArrowRight")
    expect(picture_of(page)).to_have_attribute("alt", "Picture of part EW26-000001")
    expect(tiles_of(page).last).to_be_focused()
    page.mouse.move(10, 10)
    page.keyboard.press("ArrowLeft")
    expect(pressed).to_contain_text("EW26-000002")
    page.get_by_role("button", name="Back to live").click()
    expect(tiles_of(page)).to_have_count(7)
    expect(tiles_of(page).first).to_contain_text("EW26-000007")


def test_a_forgotten_pointer_lets_the_row_go_on(open_page: OpenPage, station: MadeStation) -> None:
    page = open_page()
    page.clock.install()
    station.inspect()
    tiles_of(page).first.hover()
    station.inspect()
    expect(page.get_by_role("navigation").get_by_text("+1")).to_be_visible()
    page.clock.fast_forward(31_000)
    expect(tiles_of(page)).to_have_count(2)


def test_a_part_without_a_serial_is_known_by_its_photograph(
    open_page: OpenPage, station: MadeStation
) -> None:
    station.reads_serials = False
    page = open_page((390, 844))
    station.inspect()
    name = page.locator("main").get_by_title("num_00001.jpg")
    expect(name).to_contain_text("Part")
    box, shown = box_of(name), box_of(name.locator("bdi"))
    assert right_of(name) <= 390
    assert shown["x"] + shown["width"] == pytest.approx(box["x"] + box["width"], abs=2)
    expect(tiles_of(page).first).to_contain_text("num_00001.jpg")


def test_a_late_picture_appears_when_it_arrives(open_page: OpenPage, station: MadeStation) -> None:
    page = open_page()
    _, picture = station.inspect_without_picture(Verdict.REVIEW)
    expect(page.get_by_text("The picture is on its way")).to_be_visible()
    station.send(picture)
    expect(picture_of(page)).to_be_visible()
    expect(page.get_by_text("The picture is on its way")).to_be_hidden()
