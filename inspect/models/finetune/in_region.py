"""What a region leaves of labelled images: the detector is taught in it, as it will judge."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ...core.errors import DatasetError
from ...core.region import CornerPx, Region
from ...datasets.images import read_image
from ...datasets.labels.boxes import BoxDataset, BoxedImage, LabelledBox
from ..region import region_in


def region_of(data: BoxDataset, corners_px: Sequence[CornerPx]) -> Region | None:
    """Return the region of these corners in the images; None without corners.

    Raises ModelError when it cannot be one, DatasetError when the images differ in size.
    """
    if not corners_px:
        return None
    first, *others = data.images
    for image in others:
        if (image.width_px, image.height_px) != (first.width_px, first.height_px):
            raise DatasetError(
                f"{image.path}: {image.width_px}x{image.height_px} pixels, and {first.path} has "
                f"{first.width_px}x{first.height_px}: a region is for frames of one size; leave "
                "out what another camera took, or --region."
            )
    return region_in(read_image(first.path), corners_px)


def in_region(image: BoxedImage, region: Region) -> BoxedImage:
    """Return the image with the boxes whose middle lies in the region, cut to the box around it;
    places stay those of the whole image.
    """
    inside = (box for box in image.boxes if _holds(region, box))
    return replace(image, boxes=tuple(_cut_to(region, box) for box in inside))


def cut_to_region(image: BoxedImage, region: Region) -> BoxedImage:
    """Return the labels of the picture that the region cuts out of `image`, in its own pixels."""
    left, top, right, bottom = region.box_px
    boxes = tuple(replace(box, box_px=_moved(box, -left, -top)) for box in image.boxes)
    return replace(image, width_px=right - left, height_px=bottom - top, boxes=boxes)


def _holds(region: Region, box: LabelledBox) -> bool:
    left, top, right, bottom = box.box_px
    corners = np.array(region.corners_px, np.float32)
    return cv2.pointPolygonTest(corners, ((left + right) / 2, (top + bottom) / 2), False) >= 0


def _cut_to(region: Region, box: LabelledBox) -> LabelledBox:
    left, top, right, bottom = region.box_px
    one, two, three, four = box.box_px
    cut = max(one, left), max(two, top), min(three, right), min(four, bottom)
    return replace(box, box_px=cut)


def _moved(box: LabelledBox, right_px: float, down_px: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = box.box_px
    return left + right_px, top + down_px, right + right_px, bottom + down_px
