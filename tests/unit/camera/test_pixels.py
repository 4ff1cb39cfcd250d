"""Each pixel format is read as the one who wrote it meant it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from harvesters.util.pfnc import dict_by_names
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgeinspect.camera.pixels import FORMATS, Layout, to_bgr
from edgeinspect.core.errors import CameraError
from edgeinspect.core.frame import Image

CODES = {form.name: code for code, form in FORMATS.items()}
Deep = NDArray[np.uint16]

sizes = st.tuples(st.integers(1, 9).map(lambda n: 4 * n), st.integers(1, 9))
seeds = st.integers(0, 2**32 - 1)


def packed(values: Deep, bits: int) -> bytes:
    """Put each row's values one after the other, lowest bits first (GenICam's `p`)."""
    rows = []
    for row in values:
        stream = sum(int(value) << (bits * place) for place, value in enumerate(row))
        rows.append(stream.to_bytes(len(row) * bits // 8, "little"))
    return b"".join(rows)


def packed_by_gige(values: Deep) -> bytes:
    """Put two values into three bytes, as GigE Vision's Mono12Packed does."""
    out = bytearray()
    for first, second in values.reshape(-1, 2).tolist():
        out += bytes((first >> 4, (first & 15) | (second & 15) << 4, second >> 4))
    return bytes(out)


WAYS: list[tuple[str, int, Callable[[Deep], bytes]]] = [
    ("Mono8", 8, lambda values: values.astype(np.uint8).tobytes()),
    ("Mono10", 10, lambda values: values.astype("<u2").tobytes()),
    ("Mono12", 12, lambda values: values.astype("<u2").tobytes()),
    ("Mono16", 16, lambda values: values.astype("<u2").tobytes()),
    ("Mono10p", 10, lambda values: packed(values, 10)),
    ("Mono12p", 12, lambda values: packed(values, 12)),
    ("Mono12Packed", 12, packed_by_gige),
]

MOSAICS = {"RG": "GB", "GR": "BG", "GB": "RG", "BG": "GR"}
"""The first row of each, and the second."""


def test_the_codes_are_those_of_the_convention() -> None:
    assert {name: dict_by_names.get(name) for name in CODES} == CODES


@pytest.mark.parametrize(("name", "bits", "write"), WAYS)
@given(size=sizes, seed=seeds)
def test_grey_comes_out_as_its_top_eight_bits(
    name: str, bits: int, write: Callable[[Deep], bytes], size: tuple[int, int], seed: int
) -> None:
    width, height = size
    values = np.random.default_rng(seed).integers(0, 2**bits, (height, width), np.uint16)
    seen = to_bgr(write(values), Layout(CODES[name], width, height))
    assert seen.shape == (height, width, 3)
    for channel in range(3):
        assert np.array_equal(seen[:, :, channel], values >> (bits - 8))


@pytest.mark.parametrize(
    ("name", "order"),
    [("RGB8", [2, 1, 0]), ("BGR8", [0, 1, 2]), ("RGBa8", [2, 1, 0, 3]), ("BGRa8", [0, 1, 2, 3])],
)
@given(size=sizes, padding=st.integers(0, 5), seed=seeds)
def test_colours_keep_their_places(
    name: str, order: list[int], size: tuple[int, int], padding: int, seed: int
) -> None:
    width, height = size
    noise = np.random.default_rng(seed)
    full = noise.integers(0, 256, (height, width, 4), np.uint8)
    rows = full[:, :, order].reshape(height, -1)
    data = np.pad(rows, ((0, 0), (0, padding)), constant_values=77).tobytes()
    assert np.array_equal(to_bgr(data, Layout(CODES[name], width, height, padding)), full[:, :, :3])
    without_the_last = data[: len(data) - padding]
    assert np.array_equal(
        to_bgr(without_the_last, Layout(CODES[name], width, height, padding)), full[:, :, :3]
    )


@pytest.mark.parametrize("pattern", MOSAICS)
@pytest.mark.parametrize(("depth", "shift"), [("8", 0), ("10", 2), ("12", 4)])
@pytest.mark.parametrize("colour", ["blue", "green", "red"])
def test_a_mosaic_of_one_colour_is_a_picture_of_that_colour(
    pattern: str, depth: str, shift: int, colour: str
) -> None:
    tile = [list(row) for row in (pattern, MOSAICS[pattern])]
    bright = [[200 if letter == colour[0].upper() else 0 for letter in row] for row in tile]
    mosaic = np.tile(np.array(bright, np.uint16), (8, 8)) << shift
    data = mosaic.astype(np.uint8 if depth == "8" else "<u2").tobytes()
    seen = to_bgr(data, Layout(CODES[f"Bayer{pattern}{depth}"], 16, 16))
    wanted = [200 if name == colour else 0 for name in ("blue", "green", "red")]
    assert (seen[4:-4, 4:-4] == wanted).all()


@pytest.mark.parametrize(
    ("name", "luma", "blue", "red"), [("YUV422_8_UYVY", 1, 0, 2), ("YUV422_8", 0, 1, 3)]
)
@pytest.mark.parametrize("bgr", [(0, 0, 0), (255, 255, 255), (40, 60, 220), (200, 90, 30)])
def test_video_colours_come_back(
    name: str, luma: int, blue: int, red: int, bgr: tuple[int, int, int]
) -> None:
    picture: Image = np.full((4, 8, 3), bgr, np.uint8)
    yuv = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV)
    data = np.empty((4, 16), np.uint8)
    data[:, luma::2] = yuv[:, :, 0]
    data[:, blue::4], data[:, red::4] = yuv[:, ::2, 1], yuv[:, ::2, 2]
    seen = to_bgr(data.tobytes(), Layout(CODES[name], 8, 4))
    assert np.abs(seen.astype(int) - picture).max() <= 3


def test_a_picture_outlives_the_memory_it_came_in() -> None:
    memory = bytearray(np.arange(24, dtype=np.uint8).tobytes())
    seen = to_bgr(memory, Layout(CODES["BGR8"], 4, 2))
    memory[:] = bytes(24)
    assert seen.flat[5] == 5


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        (Layout(0x02180099, 4, 4), r"0x02180099 is not known; set `format` to one of Mono8, "),
        (Layout(CODES["Mono10p"], 6, 4), "multiple of 4"),
        (Layout(CODES["Mono8"], 40, 40), "has 256 bytes and should have 1600"),
    ],
)
def test_what_cannot_be_read_is_said(layout: Layout, says: str) -> None:
    with pytest.raises(CameraError, match=says):
        to_bgr(bytes(256), layout)
