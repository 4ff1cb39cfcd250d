"""Lays a data set out for the trainer, in the one form that it reads: YOLO's."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import cv2

from ...core.errors import ModelError
from ...datasets.images import read_image
from ...datasets.labels.boxes import BoxedImage
from ...datasets.labels.yolo import lines_of
from ..region import cut_out
from .in_region import cut_to_region
from .prepare import Prepared

DATA_YAML = "data.yaml"


def stage(folder: Path, prepared: Prepared) -> tuple[Path, ...]:
    """Write images (links where they can be), labels and `data.yaml` into `folder`, made anew.

    With a region, images and labels are those of what it leaves. Return the images to measure on,
    as the trainer will read them.
    """
    shutil.rmtree(folder, ignore_errors=True)
    laid = {
        name: tuple(
            _lay(folder, name, f"{number:06}", image, prepared)
            for number, image in enumerate(images)
        )
        for name, images in (("train", prepared.parted.train), ("val", prepared.parted.val))
    }
    described = {
        "path": str(folder.resolve()),
        "train": "images/train",
        "val": "images/val",
        "names": _plain(prepared.classes),
    }
    (folder / DATA_YAML).write_text(json.dumps(described), encoding="utf-8")  # JSON is YAML
    return laid["val"]


def _lay(folder: Path, split: str, name: str, image: BoxedImage, prepared: Prepared) -> Path:
    labels, pictures = folder / "labels" / split, folder / "images" / split
    labels.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    region = prepared.region
    laid = image if region is None else cut_to_region(image, region)
    (labels / f"{name}.txt").write_text(lines_of(laid), encoding="utf-8")
    if region is None and prepared.seen[image.path].alike:
        picture = pictures / f"{name}{image.path.suffix.lower()}"
        picture.symlink_to(image.path.resolve())
        return picture
    picture = pictures / f"{name}.png"
    pixels = read_image(image.path)
    if not cv2.imwrite(str(picture), pixels if region is None else cut_out(pixels, region).pixels):
        raise ModelError(f"{picture}: cannot be written; free space.")
    return picture


def _plain(classes: Sequence[str]) -> list[str]:
    """Return the names, numbers for those that are not ASCII: the trainer would fetch a font."""
    return [name if name.isascii() else f"class-{number}" for number, name in enumerate(classes)]
