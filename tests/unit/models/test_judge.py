import numpy as np
import pytest

from edgeinspect.core.errors import ModelError
from edgeinspect.models.judge import ModelJudge

from .conftest import DrawRing


def test_a_good_part_scores_below_the_threshold(
    ring_judge: ModelJudge, draw_ring: DrawRing
) -> None:
    threshold = ring_judge.manifest.threshold.value
    judgements = [ring_judge.judge(draw_ring(seed), threshold) for seed in range(100, 120)]
    assert sum(each.score >= threshold for each in judgements) <= 3
    assert all(not each.findings for each in judgements if each.score < threshold)


def test_a_blot_is_found_where_it_is(ring_judge: ModelJudge, draw_ring: DrawRing) -> None:
    threshold = ring_judge.manifest.threshold.value
    judgement = ring_judge.judge(draw_ring(200, blot=(230, 120)), threshold)
    assert judgement.score >= threshold
    left, top, right, bottom = judgement.findings[0].box_px
    assert left <= 230 <= right
    assert top <= 120 <= bottom


def test_the_same_frame_gets_the_same_judgement(
    ring_judge: ModelJudge, draw_ring: DrawRing
) -> None:
    frame = draw_ring(7, blot=(160, 50))
    assert ring_judge.judge(frame, 1.0) == ring_judge.judge(frame.copy(), 1.0)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((240, 320), np.uint8),
        np.zeros((240, 320, 3), np.uint16),
        np.zeros((240, 320, 4), np.uint8),
        np.zeros((0, 320, 3), np.uint8),
    ],
    ids=["grey", "16-bit", "with alpha", "empty"],
)
def test_anything_else_than_a_colour_image_is_refused(
    image: np.ndarray, ring_judge: ModelJudge
) -> None:
    with pytest.raises(ModelError, match="an image must be uint8"):
        ring_judge.judge(image, 1.0)


def test_the_identity_is_carried(ring_judge: ModelJudge) -> None:
    assert ring_judge.ref.name == "ring"
    assert len(ring_judge.ref.sha256) == 64
    assert ring_judge.ref.runtime.startswith("onnxruntime ")
