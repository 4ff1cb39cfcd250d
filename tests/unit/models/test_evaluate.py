from pathlib import Path

import cv2
import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.layout import test_images as labelled_images
from edgeinspect.models.bench import bench
from edgeinspect.models.evaluate import ClassCount, evaluate
from edgeinspect.models.judge import AnomalyJudge

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


def test_counts_are_of_verdicts(test_set: Path, ring_judge: AnomalyJudge) -> None:
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    assert (result.images, result.good, result.bad) == (10, 5, 5)
    assert result.image_auroc == 1.0
    assert result.escapes == 0
    assert result.classes[0] == ClassCount("blot", images=5, passed=0, failed=5, review=0)
    assert result.ms_per_image > 0


def test_the_recipe_decides(test_set: Path, ring_judge: AnomalyJudge) -> None:
    images = labelled_images(test_set)
    lenient = evaluate(images, ring_judge, Recipe(threshold=1e6))
    strict = evaluate(images, ring_judge, Recipe(threshold=-1.0))
    assert (lenient.escapes, lenient.overkill) == (5, 0)
    assert (strict.escapes, strict.overkill) == (0, 5)
    assert lenient.image_auroc == strict.image_auroc == 1.0


def test_what_cannot_be_read_or_is_unlike_goes_to_review(
    test_set: Path, ring_judge: AnomalyJudge
) -> None:
    (test_set / "test" / "blot" / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    small = read_image(test_set / "test" / "good" / "0.png")[:40, :40]
    cv2.imwrite(str(test_set / "test" / "good" / "small.png"), small)
    result = evaluate(labelled_images(test_set), ring_judge, Recipe())
    assert (result.review, result.unreadable, result.escapes) == (2, 1, 0)
    assert result.image_auroc == 1.0


def test_one_kind_alone_has_no_auroc(test_set: Path, ring_judge: AnomalyJudge) -> None:
    good = [image for image in labelled_images(test_set) if image.is_good]
    assert evaluate(good, ring_judge, Recipe()).image_auroc is None


def test_no_images_are_refused(ring_judge: AnomalyJudge) -> None:
    with pytest.raises(DatasetError, match="no images to evaluate"):
        evaluate([], ring_judge, Recipe())


def test_the_bench_times_both_ways(ring_judge: AnomalyJudge) -> None:
    result = bench(ring_judge, threads=2, runs=10)
    assert result.raw_ms > 0
    assert result.ratio == pytest.approx(result.judge_ms / result.raw_ms, rel=0.01)
    assert result.runs == 10
    assert result.memory_mb > 10
