"""What tells that a camera is not well is seen, and its pictures are not judged."""

from time import monotonic

import numpy as np
import pytest

from edgeinspect.camera.condition import FINE
from edgeinspect.camera.watch import FROZEN_FRAMES, Watch
from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.frame import Frame, Image

NOISE = np.random.default_rng(0)


def picture(width: int = 64, low: int = 0, high: int = 256) -> Image:
    return NOISE.integers(low, high, (48, width, 3), np.uint8)


def frame(image: Image | None) -> Frame:
    return Frame(image, utc_now(), monotonic(), "1", unreadable=None if image is not None else "x")


def test_a_camera_that_works_is_well() -> None:
    watch = Watch()
    assert all(watch.look(frame(picture()))[1] == FINE for _ in range(20))


def test_a_picture_that_is_repeated_is_not_judged_any_more() -> None:
    watch, same = Watch(), picture()
    looked = [watch.look(frame(same)) for _ in range(FROZEN_FRAMES + 1)]
    assert [seen.image is None for seen, _ in looked] == [False] * (FROZEN_FRAMES - 1) + [True] * 2
    assert looked[-1][1].mode is StationMode.FAULT
    assert watch.look(frame(picture()))[1] == FINE


@pytest.mark.parametrize(
    ("image", "says"),
    [
        (picture(low=0, high=3), "black"),
        (picture(low=253, high=256), "white"),
        (picture(width=32), "32x48 and was 64x48"),
    ],
)
def test_a_picture_that_shows_nothing_is_not_judged(image: Image, says: str) -> None:
    watch = Watch()
    watch.look(frame(picture()))
    seen, condition = watch.look(frame(image))
    assert seen.image is None
    assert says in str(seen.unreadable)
    assert condition.mode is StationMode.FAULT


def test_many_lost_frames_are_told_and_the_others_judged() -> None:
    watch = Watch()
    told = [watch.look(frame(picture()), lost) for lost in [0] * 30 + [1] * 6]
    assert told[-2][1] == FINE or told[-2][1].mode is StationMode.DEGRADED
    assert told[-1][1].mode is StationMode.DEGRADED
    assert told[-1][0].image is not None
    assert [watch.look(frame(picture()))[1] for _ in range(120)][-1] == FINE


def test_a_frame_that_cannot_be_read_is_told() -> None:
    assert Watch().look(frame(None))[1].mode is StationMode.DEGRADED
