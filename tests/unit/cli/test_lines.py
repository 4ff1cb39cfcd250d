"""What the commands say of models and parts."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edgeinspect.camera.folder import load_frame
from edgeinspect.cli.commands.model import _show
from edgeinspect.cli.finetuned_lines import finetuned_warnings
from edgeinspect.cli.model_lines import outline_lines
from edgeinspect.cli.tables import SCORES_SAID, found_words, inspection_lines
from edgeinspect.cli.teaching import Taught
from edgeinspect.core.finding import Finding
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.manifest import (
    Addition,
    Grade,
    KnownClass,
    KnownDefects,
    ModelManifest,
    TaughtFrames,
    ThresholdBasis,
)
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.models.describe import GraphOutline, ModelOutline
from edgeinspect.models.finetune.asked import Finetuned

SHA256 = "0" * 64
AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def _class(name: str, examples: int) -> KnownClass:
    return KnownClass(name=name, examples=examples, held_out_parts=0, held_out_caught=0)


@pytest.fixture
def manifest() -> ModelManifest:
    """A model that was taught more once, knows two classes and draws boxes."""
    return ModelManifest(
        family="anomaly",
        name="board",
        grade=Grade.FAST,
        classes=("dent", "scratch"),
        input_width_px=256,
        input_height_px=256,
        findings="boxed-map/1",
        threshold=ThresholdBasis(value=5, method="by hand", good_parts=30),
        taught_frames=TaughtFrames(
            min_width_px=9, max_width_px=9, min_height_px=9, max_height_px=9, grey=False
        ),
        training_images=33,
        training_sha256=SHA256,
        additions=(Addition(images=3, sha256=SHA256, added_at=AT, added_by="王莉"),),
        known=KnownDefects(
            classes=(_class("dent", 21), _class("scratch", 4)), images=17, sha256=SHA256
        ),
        licences=(),
        created_at=AT,
        created_by="test",
        made_with="test",
    )


def test_a_model_shows_what_was_added_and_marked(manifest: ModelManifest) -> None:
    outline = ModelOutline(
        sha256=SHA256,
        size_bytes=1,
        signature=None,
        references=2,
        graph=GraphOutline(steps=1, weights=1, operators={"Conv": 1}),
        manifest=manifest,
    )
    shown = [line.plain for line in outline_lines(outline)]
    assert "added       3 images, 2026-03-04 05:06 UTC by 王莉" in shown
    assert "marked      21 dent, 4 scratch, in 17 images" in shown
    assert any(line.startswith("boxes       draws them") for line in shown)


def test_the_last_line_on_what_was_taught_ends(
    manifest: ModelManifest, capsys: pytest.CaptureFixture[str]
) -> None:
    _show(Taught(manifest, 1.0), Path("x.onnx"), as_json=False)
    assert capsys.readouterr().out.endswith("dent: 21 marked\nscratch: 4 marked\n")


def _found(name: str, score: float) -> Finding:
    return Finding.model_validate({"class": name, "score": score, "box_px": (0, 0, 9, 9)})


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], ""),
        ([("dent", 2), ("scratch", 9.126), ("dent", 3)], "1 scratch (9.13), 2 dent (3)"),
        ([(name, 1) for name in "abcd"], "1 a (1), 1 b (1), 1 c (1), 1 class more"),
        ([(name, 1) for name in "abcde"], "1 a (1), 1 b (1), 1 c (1), 2 classes more"),
    ],
)
def test_findings_are_named_and_counted(found: list[tuple[str, float]], words: str) -> None:
    assert found_words([_found(*each) for each in found]) == words


def test_a_part_is_shown_with_its_findings(make_inspection: Callable[..., Inspection]) -> None:
    bad, other = make_inspection(findings=(_found("de\x1bnt", 9),)), make_inspection()
    shown = [line.plain for line in inspection_lines([(Path("a"), bad), (Path("b"), other)])]
    assert [line.split(maxsplit=2)[2].strip() for line in shown[:2]] == ["a  1 de\ufffdnt (9)", "b"]
    assert shown[2:] == [SCORES_SAID]


def test_scores_are_explained_where_findings_have_some(
    make_inspection: Callable[..., Inspection],
) -> None:
    assert len(list(inspection_lines([(Path("a"), make_inspection())]))) == 1


@pytest.mark.parametrize("name", ["a/no.jpg", "a/\udcce\udcd2.jpg", "a/\x1b[31m.jpg"])
def test_a_file_that_is_no_image_is_named_once(
    tmp_path: Path, make_inspection: Callable[..., Inspection], name: str
) -> None:
    file = tmp_path / name
    file.parent.mkdir()
    file.write_text("no image")
    said = load_frame(file, name).unreadable
    assert said is not None
    reason = Reason(code=ReasonCode.FRAME_UNREADABLE, text=said)
    unread = make_inspection(verdict=Verdict.REVIEW, score=None, reasons=(reason,))
    (line,) = inspection_lines([(file, unread)])
    assert line.plain.count(".jpg") == 1
    assert line.plain.endswith(".jpg  not an image, whatever its name says; remove or replace it.")
    assert line.plain.isprintable()


@pytest.mark.parametrize(
    ("map50", "boxes", "words"),
    [
        (0.0, 12, ["mAP50 0: it finds none of the defects"]),
        (0.4, 0, ["neither ultralytics nor the export found a box"]),
        (0.4, 12, []),
    ],
)
def test_a_detector_that_finds_nothing_and_a_check_of_nothing_are_named(
    manifest: ModelManifest, map50: float, boxes: int, words: list[str]
) -> None:
    result = Finetuned(manifest, map50, map50, 3, 1, False, 8, 2, False, boxes)
    said = list(finetuned_warnings(result))
    assert len(said) == len(words)
    assert all(each.startswith(word) for each, word in zip(said, words, strict=True))
