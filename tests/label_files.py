"""Writes data sets of boxes in each form of labels, so that tests can read them back."""

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

Box = tuple[int, float, float, float, float]
"""Class index, left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class Picture:
    name: str
    width_px: int
    height_px: int
    boxes: tuple[Box, ...]


def write_picture(path: Path, picture: Picture) -> None:
    """Draw a picture of noise with a bright block for each box, a brightness a class."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(zlib.crc32(picture.name.encode()))
    pixels = rng.integers(60, 90, (picture.height_px, picture.width_px, 3), dtype=np.uint8)
    for index, left, top, right, bottom in picture.boxes:
        colour = ((40, 40, 230), (230, 230, 40), (240, 240, 240))[index % 3]
        pixels[round(top) : round(bottom), round(left) : round(right)] = colour
    cv2.imwrite(str(path), pixels)


def write_yolo(root: Path, classes: Sequence[str], pictures: Sequence[Picture]) -> None:
    for picture in pictures:
        write_picture(root / "images" / f"{picture.name}.png", picture)
        file = root / "labels" / f"{picture.name}.txt"
        file.parent.mkdir(exist_ok=True)
        w, h = picture.width_px, picture.height_px
        file.write_text(
            "".join(
                f"{index} {(left + right) / 2 / w!r} {(top + bottom) / 2 / h!r} "
                f"{(right - left) / w!r} {(bottom - top) / h!r}\n"
                for index, left, top, right, bottom in picture.boxes
            )
        )
    names = json.dumps(list(classes), ensure_ascii=False)
    (root / "data.yaml").write_text(f"train: images\nnames: {names}\n", encoding="utf-8")


def write_coco(root: Path, classes: Sequence[str], pictures: Sequence[Picture]) -> None:
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for number, picture in enumerate(pictures, 10):
        write_picture(root / "images" / f"{picture.name}.png", picture)
        images.append(
            {
                "id": number,
                "file_name": f"{picture.name}.png",
                "width": picture.width_px,
                "height": picture.height_px,
            }
        )
        for index, left, top, right, bottom in picture.boxes:
            annotations.append(
                {
                    "id": len(annotations),
                    "image_id": number,
                    "category_id": 7 * index + 1,
                    "bbox": [left, top, right - left, bottom - top],
                }
            )
    document = {
        "images": images,
        "categories": [{"id": 7 * i + 1, "name": name} for i, name in enumerate(classes)],
        "annotations": annotations,
    }
    root.mkdir(parents=True, exist_ok=True)
    (root / "labels.json").write_text(json.dumps(document), encoding="utf-8")


def write_voc(root: Path, classes: Sequence[str], pictures: Sequence[Picture]) -> None:
    (root / "Annotations").mkdir(parents=True)
    (root / "classes.txt").write_text("\n".join(classes), encoding="utf-8")
    for picture in pictures:
        write_picture(root / "JPEGImages" / f"{picture.name}.png", picture)
        objects = "".join(
            f"<object><name>{_escaped(classes[index])}</name>\n<bndbox><xmin>{left!r}</xmin>"
            f"<ymin>{top!r}</ymin><xmax>{right!r}</xmax><ymax>{bottom!r}</ymax></bndbox></object>\n"
            for index, left, top, right, bottom in picture.boxes
        )
        (root / "Annotations" / f"{picture.name}.xml").write_text(
            f"<annotation>\n<filename>{picture.name}.png</filename>\n"
            f"<size><width>{picture.width_px}</width><height>{picture.height_px}</height></size>\n"
            f"{objects}</annotation>\n",
            encoding="utf-8",
        )


def write_corners(root: Path, classes: Sequence[str], pictures: Sequence[Picture]) -> None:
    (root / "labels").mkdir(parents=True)
    (root / "classes.txt").write_text("\n".join(classes), encoding="utf-8")
    for picture in pictures:
        write_picture(root / "defective" / f"{picture.name}.png", picture)
        (root / "labels" / f"{picture.name}.txt").write_text(
            "".join(
                f"{left!r} {top!r} {right!r} {bottom!r} {index + 1}\n"
                for index, left, top, right, bottom in picture.boxes
            )
        )


WRITERS: dict[str, Callable[[Path, Sequence[str], Sequence[Picture]], None]] = {
    "yolo": write_yolo,
    "coco": write_coco,
    "voc": write_voc,
    "corners": write_corners,
}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
