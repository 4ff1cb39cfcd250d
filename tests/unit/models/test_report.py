"""The page: whole, in two languages, asking for nothing, with no text taken for a tag."""

import base64
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from full_disk import full_disk
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.errors import DatasetError
from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.models.evaluate.compare import compare
from edgeinspect.models.evaluate.count import count
from edgeinspect.models.evaluate.judging import judge_images
from edgeinspect.models.evaluate.report.charts import Axis, Canvas
from edgeinspect.models.evaluate.report.markup import Markup, joined, tag
from edgeinspect.models.evaluate.report.page import (
    Evaluated,
    check_report,
    report_page,
    write_report,
)
from edgeinspect.models.judge import ModelJudge

from .conftest import DrawRing

VOID = {"meta", "input", "img"}
HOSTILE = '<img src=x onerror="alert(1)">&'

Evaluate = Callable[..., Evaluated]


class Page(HTMLParser):
    """Reads a page and notes what is in it; an end that fits no beginning is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {"en": [], "zh": []}
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, name: str) -> int:
        return sum(tag == name for tag, _ in self.tags)


@pytest.fixture(scope="module")
def evaluated(
    tmp_path_factory: pytest.TempPathFactory, draw_ring: DrawRing, ring_judge: ModelJudge
) -> Evaluate:
    """Evaluate rings of some labels, with masks, by some threshold."""

    def evaluate(labels: tuple[str, ...] = ("good", "blot"), threshold: float = 1e6) -> Evaluated:
        folder = tmp_path_factory.mktemp("judged")
        images = []
        for label in labels:
            for number in range(3):
                path = folder / f"{label[:4]} & {number}.png"
                mask = None
                if label != "good":
                    mask = path.with_name(f"{number}_mask.png")
                    drawn = np.zeros((240, 320), np.uint8)
                    cv2.circle(drawn, (160, 50), 14, 255, -1)
                    cv2.imwrite(str(mask), drawn)
                blot = None if label == "good" else (160, 50)
                cv2.imwrite(str(path), draw_ring(400 + number, blot=blot))
                images.append(LabelledImage(path, label, mask))
        recipe = Recipe(threshold=threshold)
        judged = judge_images(images, ring_judge, recipe)
        return Evaluated(count(judged, ring_judge, recipe), judged, ring_judge.manifest)

    return evaluate


def test_the_page_shows_figures_curves_and_pictures(evaluated: Evaluate) -> None:
    page = Page(report_page([evaluated()], [], Path("parts"), "en"))
    assert page.count("svg") == 5
    assert page.count("img") == 2 * 3
    assert "3 / 3" in page.text and "blot/blot & 0.png" in page.text
    sources = [attrs["src"] for name, attrs in page.tags if name == "img"]
    for source in sources:
        kind, _, content = (source or "").partition(",")
        assert kind == "data:image/jpeg;base64"
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(content), np.uint8), 1)
        assert picture is not None and max(picture.shape[:2]) == 320


def test_it_asks_for_nothing_and_runs_nothing(evaluated: Evaluate) -> None:
    text = report_page([evaluated()], [], Path("parts"), "en")
    assert not re.search(r"https?://|url\(|@import|<script|<link|<iframe| on[a-z]+=", text)
    policies = [attrs["content"] for _, attrs in Page(text).tags if "http-equiv" in attrs]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_it_opens_in_the_language_that_was_asked_for(
    evaluated: Evaluate, language: str, other: str
) -> None:
    page = Page(report_page([evaluated()], [], Path("parts"), language))  # type: ignore[arg-type]
    chosen = {attrs["id"]: "checked" in attrs for name, attrs in page.tags if name == "input"}
    assert chosen == {language: True, other: False}


def test_whatever_is_said_is_said_in_both_languages(evaluated: Evaluate) -> None:
    first = evaluated()
    found = compare(
        first.result.model, first.judged.outcomes, first.result.model, first.judged.outcomes
    )
    page = Page(report_page([first, first], [found], Path("parts"), "en"))
    english = [tag for tag, attrs in page.tags if attrs.get("class") == "en"]
    chinese = [tag for tag, attrs in page.tags if attrs.get("class") == "zh"]
    assert english == chinese
    assert "no difference that these parts could show" in page.text
    assert "这些件看不出差异" in page.text


def test_names_cannot_become_tags(evaluated: Evaluate) -> None:
    page = Page(report_page([evaluated(("good", HOSTILE))], [], Path(HOSTILE), "en"))
    assert page.count("img") == 2 * 3
    assert not any("onerror" in attrs for _, attrs in page.tags)
    assert HOSTILE in page.text


@pytest.mark.parametrize("labels", [("good",), ("blot",)])
def test_one_kind_of_parts_has_a_page_too(evaluated: Evaluate, labels: tuple[str, ...]) -> None:
    page = Page(report_page([evaluated(labels)], [], Path("parts"), "en"))
    assert page.count("svg") == (2 if labels == ("good",) else 3)


def test_a_picture_that_is_gone_is_left_out(evaluated: Evaluate) -> None:
    made = evaluated()
    for outcome in made.judged.outcomes:
        outcome.image.path.unlink()
    assert Page(report_page([made], [], Path("parts"), "en")).count("img") == 0


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("the last one", encoding="utf-8")
    with pytest.raises(DatasetError, match="cannot be written"):
        write_report(tmp_path / "gone" / "report.html", Markup("page"))
    write_report(path, Markup("页"))
    assert path.read_text(encoding="utf-8") == "页"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_place_for_it_is_looked_for_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is a folder; name a file"):
        check_report(tmp_path)
    with pytest.raises(DatasetError, match="its folder does not exist"):
        check_report(tmp_path / "gone" / "report.html")
    check_report(tmp_path / "report.html")
    with full_disk(), pytest.raises(DatasetError, match=r"cannot be written \(File too large\)"):
        check_report(tmp_path / "report.html")
    assert not any(tmp_path.iterdir())


def test_a_page_is_named_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"ends in \.html; write it to .*r\.html\."):
        check_report(tmp_path / "r.pdf")


@given(text=st.text(), attribute=st.text())
def test_any_text_comes_back_as_it_was(text: str, attribute: str) -> None:
    page = Page(joined(tag("p", text, title=attribute)))
    assert page.count("p") == len(page.tags) == 1
    assert page.text == text.replace("\r\n", "\n").replace("\r", "\n") or page.text == text
    assert page.tags[0][1]["title"] == attribute


@given(low=st.floats(-1e3, 1e3), width=st.floats(1e-3, 1e3))
def test_an_axis_is_marked_at_a_few_round_values(low: float, width: float) -> None:
    axis = Axis(("score", "评分"), low, low + width, is_share=False)
    ticks = [value for value, _ in axis.ticks()]
    assert 2 <= len(ticks) <= 8
    assert all(low - width / 50 <= value <= low + 1.02 * width for value in ticks)


def test_what_lies_beyond_an_axis_is_drawn_at_its_end() -> None:
    canvas = Canvas(Axis(("x", "x"), 0, 1), Axis(("y", "y"), 0, 1))
    assert canvas.at((5, -5)) == canvas.at((1, 0))
    flat = Canvas(Axis(("x", "x"), 3, 3), Axis(("y", "y"), 0, 1))
    assert flat.at((3, 0)) == canvas.at((0, 0))
