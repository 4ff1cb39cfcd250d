from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError, ModelError
from edgeinspect.core.frame import Image
from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.layout import test_images as labelled_images
from edgeinspect.models.answer import Answer
from edgeinspect.models.bench import bench
from edgeinspect.models.evaluate.evaluate import evaluate
from edgeinspect.models.evaluate.measures import RemarkKind, Size
from edgeinspect.models.judge import ModelJudge
from edgeinspect.quality.rates import rate

from .conftest import DrawRing


@pytest.fixture
def test_set(tmp_path: Path, draw_ring: DrawRing) -> Path:
    for label in ("good", "blot"):
        folder = tmp_path / "test" / label
        folder.mkdir(parents=True)
        for number in range(5):
            blot = (160, 50) if label == "blot" else None
            image = draw_ring(300 + number, blot=blot)
            cv2.imwrite(str(folder / f"{number}.png"), image)
    return tmp_path


class BrokenSession:
    """A runtime that gives out."""

    runtime = "broken"

    def run(self, pixels: Image) -> Answer:
        raise ModelError(f"no answer to {pixels.shape}")


def _draw_masks(test_set: Path, *, at: tuple[int, int] = (160, 50)) -> None:
    folder = test_set / "ground_truth" / "blot"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(5):
        mask = np.zeros((240, 320), np.uint8)
        cv2.circle(mask, at, 14, 255, -1)
        cv2.imwrite(str(folder / f"{number}_mask.png"), mask)


def test_counts_are_of_verdicts(test_set: Path, ring_judge: ModelJudge) -> None:
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    assert (result.images, result.good, result.bad) == (10, 5, 5)
    assert result.image_auroc == 1.0
    assert result.escapes == 0
    blot, good = result.classes
    assert (blot.label, blot.images, blot.passed, blot.failed, blot.review) == ("blot", 5, 0, 5, 0)
    assert blot.recall == blot.recall_at_overkill == rate(5, 5)
    assert (good.recall, good.recall_at_overkill) == (None, None)
    assert result.average_precision == 1.0
    assert 0 < result.ms_per_image <= result.ms_95


def test_the_recipe_decides(test_set: Path, ring_judge: ModelJudge) -> None:
    images = labelled_images(test_set)
    lenient = evaluate(images, ring_judge, Recipe(threshold=1e6))
    strict = evaluate(images, ring_judge, Recipe(threshold=-1.0))
    assert (lenient.escapes, lenient.overkill) == (5, 0)
    assert (strict.escapes, strict.overkill) == (0, 5)
    assert lenient.image_auroc == strict.image_auroc == 1.0


def test_what_cannot_be_read_or_is_unlike_goes_to_review(
    test_set: Path, ring_judge: ModelJudge
) -> None:
    (test_set / "test" / "blot" / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    small = read_image(test_set / "test" / "good" / "0.png")[:40, :40]
    cv2.imwrite(str(test_set / "test" / "good" / "small.png"), small)
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    assert (result.review, result.unreadable, result.escapes) == (2, 1, 0)
    assert result.image_auroc == 1.0
    unreadable, unjudged = result.remarks
    assert (unreadable.kind, unjudged.kind) == (RemarkKind.UNREADABLE, RemarkKind.UNJUDGED)
    assert "cut.png" in unreadable.about[0]
    assert unjudged.about[0].startswith("1: the frame is 40x40")


def test_masks_tell_where_and_how_large(test_set: Path, ring_judge: ModelJudge) -> None:
    assert evaluate(labelled_images(test_set), ring_judge, Recipe()).pixels is None
    _draw_masks(test_set)
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    assert result.pixels is not None
    assert result.pixels.defects == 5
    assert result.pixels.auroc > 0.9
    assert 0.5 < result.pixels.aupro <= 1.0
    (medium,) = result.sizes
    assert (medium.size, medium.images, medium.failed) == (Size.MEDIUM, 5, 5)
    assert (medium.defects, medium.found) == (5, 5)


def test_a_finding_elsewhere_is_not_in_the_right_place(
    test_set: Path, ring_judge: ModelJudge
) -> None:
    _draw_masks(test_set, at=(20, 220))
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    assert [(each.failed, each.found) for each in result.sizes] == [(5, 0)]
    assert result.pixels is not None
    assert result.pixels.aupro < 0.5


def test_masks_that_cannot_be_used_are_named(test_set: Path, ring_judge: ModelJudge) -> None:
    _draw_masks(test_set)
    folder = test_set / "ground_truth" / "blot"
    cv2.imwrite(str(folder / "0_mask.png"), np.zeros((240, 320), np.uint8))
    cv2.imwrite(str(folder / "1_mask.png"), np.full((240, 240), 255, np.uint8))
    (folder / "2_mask.png").write_bytes(b"no picture")
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    (remark,) = result.remarks
    assert remark.kind is RemarkKind.MASK
    for number, cause in enumerate(("marks nothing", "240x240", "not an image")):
        assert f"{number}_mask.png" in remark.about[number]
        assert cause in remark.about[number]
    assert result.pixels is not None and result.pixels.defects == 2


def test_a_judge_that_fails_sends_the_part_to_review(
    test_set: Path, ring_judge: ModelJudge
) -> None:
    broken = replace(ring_judge, session=BrokenSession())
    result = evaluate(labelled_images(test_set), broken, Recipe())
    assert (result.review, result.unreadable, result.ms_per_image) == (10, 0, 0.0)
    assert [remark.kind for remark in result.remarks] == [RemarkKind.UNJUDGED]
    assert result.remarks[0].about[0].startswith("10: no answer to")
    assert result.image_auroc is None


def test_one_kind_alone_has_no_auroc(test_set: Path, ring_judge: ModelJudge) -> None:
    good = [image for image in labelled_images(test_set) if image.is_good]
    assert evaluate(good, ring_judge, Recipe()).image_auroc is None


def test_no_images_are_refused(ring_judge: ModelJudge) -> None:
    with pytest.raises(DatasetError, match="no images to evaluate"):
        evaluate([], ring_judge, Recipe())


def test_the_bench_times_both_ways(ring_judge: ModelJudge) -> None:
    result = bench(ring_judge, threads=2, runs=10)
    assert result.raw_ms > 0
    assert result.ratio == pytest.approx(result.judge_ms / result.raw_ms, rel=0.01)
    assert result.runs == 10
    assert result.memory_mb > 10
