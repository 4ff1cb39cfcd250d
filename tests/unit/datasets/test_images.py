"""Image files of every quality: read as they are, or refused in a sentence."""

import os
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
from edgeinspect.datasets.labels.read import read_boxes
from edgeinspect.datasets.layout import test_images as class_images


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


def _jpeg(picture: Image, *options: int) -> bytes:
    return cv2.imencode(".jpg", np.tile(picture, (4, 4, 1)), options)[1].tobytes()


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.75, 0.95])
@pytest.mark.parametrize("progressive", [0, 1])
def test_a_cut_jpeg_with_an_end_mark_is_refused(
    picture: Image, kept: float, progressive: int
) -> None:
    content = _jpeg(picture, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive)
    with pytest.raises(ImageError, match=r"a\.jpg: cut short or damaged"):
        decode_image(content[: int(len(content) * kept)] + b"\xff\xd9", "a.jpg")


def test_a_jpeg_with_a_zeroed_page_is_refused(picture: Image) -> None:
    content = _jpeg(picture)
    middle = len(content) // 2
    holed = content[:middle] + bytes(512) + content[middle + 512 :]
    with pytest.raises(ImageError, match=r"a\.jpg: cut short or damaged"):
        decode_image(holed, "a.jpg")


@pytest.mark.parametrize("pixels", ["colour", "grey"])
@pytest.mark.parametrize("progressive", [0, 1])
def test_a_whole_jpeg_is_read_as_opencv_reads_it(
    picture: Image, pixels: str, progressive: int
) -> None:
    shown = picture if pixels == "colour" else picture[:, :, 0]
    content = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_PROGRESSIVE, progressive])[1]
    read = decode_image(content.tobytes(), "a.jpg")
    assert np.array_equal(read, np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR)))


def test_a_flat_jpeg_is_read() -> None:
    flat = np.full((480, 640, 3), 128, np.uint8)
    assert np.ptp(decode_image(cv2.imencode(".jpg", flat)[1].tobytes(), "flat.jpg")) == 0


def test_a_side_too_long_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, "wide.png", np.zeros((1, 32_001), np.uint8))
    with pytest.raises(ImageError, match=r"wide\.png: 32001x1, a side is over 32,000 px"):
        read_image(path)
    assert read_image(_write(tmp_path, "ok.png", np.zeros((1, 32_000), np.uint8))).shape[1] == 32000


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.png"
    os.mkfifo(fifo)
    for path in (fifo, Path("/dev/zero")):
        with pytest.raises(ImageError, match=r"cannot be read \(it is no regular file\)"):
            read_image(path)


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(200_000_001)
    with pytest.raises(ImageError, match=r"large\.png: larger than 200 MB"):
        read_image(path)


def test_a_file_is_not_called_a_folder_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "part.jpg"
    file.write_bytes(b"")
    for read in (list_images, class_images, read_boxes):
        with pytest.raises(DatasetError, match=r"part\.jpg: a file, not a folder; name a "):
            read(file)
