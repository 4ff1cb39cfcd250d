"""Image files of every quality: read as they are, or refused in a sentence."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeinspect.core.errors import DatasetError, ImageError
from edgeinspect.core.frame import Image
from edgeinspect.datasets.images import decode_image, list_images, read_image


def _write(
    folder: Path, name: str, pixels: np.ndarray[tuple[int, ...], np.dtype[np.integer[Any]]]
) -> Path:
    path = folder / name
    assert cv2.imwrite(str(path), pixels)
    return path


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
def test_lossless_files_come_back_exactly(tmp_path: Path, picture: Image, suffix: str) -> None:
    assert np.array_equal(read_image(_write(tmp_path, f"a{suffix}", picture)), picture)


def test_a_grey_image_has_three_equal_channels(tmp_path: Path, picture: Image) -> None:
    grey = picture[:, :, 0]
    read = read_image(_write(tmp_path, "grey.png", grey))
    assert all(np.array_equal(read[:, :, channel], grey) for channel in range(3))


def test_transparency_is_left_out(tmp_path: Path, picture: Image) -> None:
    with_alpha = np.dstack([picture, np.zeros(picture.shape[:2], np.uint8)])
    assert np.array_equal(read_image(_write(tmp_path, "a.png", with_alpha)), picture)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".tif", ".webp"])
@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.98])
def test_a_file_cut_short_is_refused(
    tmp_path: Path, picture: Image, suffix: str, kept: float
) -> None:
    path = _write(tmp_path, f"a{suffix}", np.tile(picture, (4, 4, 1)))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(ImageError, match="a\\" + suffix):
        read_image(path)


def test_sixteen_bits_are_refused(tmp_path: Path, picture: Image) -> None:
    path = _write(tmp_path, "deep.png", picture.astype(np.uint16) * 257)
    with pytest.raises(ImageError, match="16 bits"):
        read_image(path)


def test_text_named_like_an_image_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.png"
    path.write_text("not a picture", encoding="utf-8")
    with pytest.raises(ImageError, match="not an image"):
        read_image(path)


def test_a_claim_of_too_many_pixels_is_refused_before_decoding() -> None:
    header = cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1].tobytes()
    huge = header[:16] + (60_000).to_bytes(4, "big") * 2 + header[24:]
    with pytest.raises(ImageError, match="60000x60000"):
        decode_image(huge, "bomb.png")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"gone\.png"):
        read_image(tmp_path / "gone.png")


@settings(max_examples=300)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM"])
)
def test_rubbish_never_raises_anything_else(content: bytes, head: bytes) -> None:
    try:
        image = decode_image(head + content, "rubbish")
    except ImageError as error:
        assert str(error).startswith("rubbish: ")
    else:
        assert image.dtype == np.uint8
        assert image.ndim == 3


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no images"):
        list_images(tmp_path)
    with pytest.raises(DatasetError, match="no such folder"):
        list_images(tmp_path / "gone")
