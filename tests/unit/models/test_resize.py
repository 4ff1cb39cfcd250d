import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.models.resize import to_input


@given(width=st.integers(1, 300), height=st.integers(1, 300), level=st.integers(0, 255))
def test_any_size_becomes_the_input_size_and_keeps_a_flat_colour(
    width: int, height: int, level: int
) -> None:
    pixels = to_input(np.full((height, width, 3), level, np.uint8), 64, 48)
    assert pixels.shape == (48, 64, 3)
    assert pixels.flags.c_contiguous
    assert (pixels == level).all()


def test_an_image_of_the_input_size_is_not_changed() -> None:
    image = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    assert (to_input(image, 64, 48) == image).all()


def test_a_speck_in_a_large_frame_is_averaged_and_not_skipped() -> None:
    for place in range(0, 32, 5):
        image = np.zeros((1024, 1024, 3), np.uint8)
        image[500 + place : 508 + place, 300 + place : 308 + place] = 255
        share = to_input(image, 64, 64).mean() / image.mean()
        assert 0.9 < share < 1.1


def test_a_view_of_a_frame_is_resized_like_its_copy() -> None:
    frame = np.random.default_rng(0).integers(0, 255, (301, 403, 3), dtype=np.uint8)
    view = frame[10:291, 20:399]
    assert (to_input(view, 64, 64) == to_input(view.copy(), 64, 64)).all()
