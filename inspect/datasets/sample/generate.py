"""The whole sample, written to a folder in MVTec AD's layout."""

from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import rmtree

import cv2

from ...core.errors import DatasetError
from .labels import (
    LABELS,
    UNFINISHED,
    SampleImage,
    SampleSet,
    Shot,
    is_picture,
    is_sample,
    labels_json,
    shots,
)
from .part import Pixels
from .render import render_part

_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 90)
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 9)
_PARTS_LIMIT = 100_000


def generate_sample(
    folder: Path,
    *,
    seed: int = 7,
    good: int = 80,
    defective: int = 60,
    on_image: Callable[[int, int], None] | None = None,
) -> SampleSet:
    """Make a sample in `folder`, which must be new, empty or hold an earlier sample.

    `on_image` is told after each picture how many are done, of how many. The same arguments
    give the same files. Raises DatasetError for a folder with other things in it, one that
    cannot be written, and numbers out of range.
    """
    _check(seed, good, defective)
    is_new = not folder.exists()
    try:
        _prepare(folder, seed)
        images = _make(folder, seed, tuple(shots(good, defective)), on_image)
        (folder / UNFINISHED).write_text(labels_json(seed, images), encoding="utf-8")
        (folder / UNFINISHED).replace(folder / LABELS)
    except OSError as error:
        if is_new:
            rmtree(folder, ignore_errors=True)
        raise DatasetError(
            f"{error.filename or folder}: cannot be written ({error.strerror}); "
            "free space there or choose another folder."
        ) from None
    return SampleSet(folder, seed, images)


def _check(seed: int, good: int, defective: int) -> None:
    if seed < 0:
        raise DatasetError(f"Seed {seed} is negative; give 0 or more.")
    if good < 0 or defective < 0 or not 1 <= good + defective <= _PARTS_LIMIT:
        raise DatasetError(
            f"{good} good and {defective} defective parts are no sample; "
            f"ask for 1 to {_PARTS_LIMIT} parts in all."
        )


def _prepare(folder: Path, seed: int) -> None:
    """Mark the folder, so that a broken run can be redone, and clear an earlier sample away."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not is_sample(folder):
        raise DatasetError(
            f"{folder}: holds files that are not an EdgeInspect sample; choose an empty folder."
        )
    (folder / UNFINISHED).write_text(labels_json(seed, ()), encoding="utf-8")
    (folder / LABELS).unlink(missing_ok=True)
    for path in folder.rglob("*.*"):
        if is_picture(path.relative_to(folder)):
            path.unlink()


def _make(
    folder: Path,
    seed: int,
    planned: Sequence[Shot],
    on_image: Callable[[int, int], None] | None,
) -> tuple[SampleImage, ...]:
    images = []
    for shot in planned:
        images.append(_take(folder, seed, shot))
        if on_image:
            on_image(len(images), len(planned))
    return tuple(images)


def _take(folder: Path, seed: int, shot: Shot) -> SampleImage:
    part = render_part(seed, shot.index, shot.defect)
    _write(folder / shot.file, part.image, _JPEG)
    if shot.mask_file:
        _write(folder / shot.mask_file, part.mask, _PNG)
    return SampleImage(shot, part.serial, part.boxes)


def _write(path: Path, pixels: Pixels, settings: Sequence[int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _, encoded = cv2.imencode(path.suffix, pixels, settings)
    path.write_bytes(encoded.tobytes())
