"""How well a part is seen, measured and learned."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.frame import Image
from edgeinspect.core.gates import GateRules, Gates
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.datasets.images import read_image
from edgeinspect.models.assess import assess
from edgeinspect.models.gates import gates_of
from edgeinspect.models.judge import load_judge
from edgeinspect.models.placed import stretched
from edgeinspect.models.usual_gates import measured, taught_gates

Spoilt = Callable[[Image], Image]


@pytest.fixture
def washer(sample: Path) -> Image:
    return read_image(sample / "test" / "good" / "000.jpg")


def blurred(image: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 3 * max(image.shape) / 384), np.uint8)


def dim(image: Image) -> Image:
    return (image * 0.3).astype(np.uint8)


def hazy(image: Image) -> Image:
    return np.asarray(image * 0.15 + image.mean() * 0.85, np.uint8)


def test_good_parts_are_seen_as_usual(washer_model: Path, sample: Path) -> None:
    judge = load_judge(washer_model)
    for path in sorted((sample / "test" / "good").iterdir()):
        done = assess(read_image(path), judge, Recipe())
        assert not [reason for reason in done.decision.reasons if reason.code.endswith("_off")]


@pytest.mark.parametrize(
    ("spoil", "code"), [(blurred, "focus_off"), (dim, "light_off"), (hazy, "contrast_off")]
)
def test_what_spoils_a_picture_is_named_and_never_passes(
    washer_model: Path, washer: Image, spoil: Spoilt, code: str
) -> None:
    judge = load_judge(washer_model)
    blind = Recipe(threshold=1e6)  # whatever the model says of it
    assert assess(washer, judge, blind).decision.verdict is Verdict.PASS
    decision = assess(spoil(washer), judge, blind).decision
    assert decision.verdict is Verdict.REVIEW
    assert code in {reason.code.value for reason in decision.reasons}
    careless = blind.model_copy(
        update={"image_gates": GateRules(focus="ignore", brightness="ignore", contrast="ignore")}
    )
    assert code not in {
        reason.code.value for reason in assess(spoil(washer), judge, careless).decision.reasons
    }


def test_focus_does_not_change_with_light_and_contrast(washer: Image) -> None:
    as_it_is = gates_of(stretched(washer, 384, 384)).focus
    darker = gates_of(stretched((washer * 0.5).astype(np.uint8), 384, 384)).focus
    assert as_it_is and darker
    assert darker == pytest.approx(as_it_is, rel=0.25)
    soft = gates_of(stretched(blurred(washer), 384, 384)).focus
    assert soft is not None and soft < as_it_is / 2


def test_limits_hold_all_that_was_taught_and_few_images_set_none() -> None:
    seen = [Gates(focus=0.4 + 0.1 * n, brightness=90 + n, contrast=20 + n) for n in range(9)]
    taught = taught_gates(measured(seen))
    assert taught is not None and taught.images == 9
    assert taught.focus.low <= 0.4 and taught.focus.high >= 1.2
    assert taught.brightness.low <= 94 - 40
    unknown = [*seen[:7], Gates(), Gates()]
    assert taught_gates(measured(unknown)) is None


def test_an_empty_picture_has_no_focus_and_gives_no_number_that_is_none() -> None:
    flat = gates_of(stretched(np.zeros((64, 64, 3), np.uint8), 64, 64))
    assert (flat.focus, flat.brightness, flat.contrast) == (0, 0, 0)
