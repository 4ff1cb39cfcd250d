"""A frame's part, upright, in a model's input."""

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from ...core.frame import Image
from ...core.upright import Crop, Uprighting
from ..placed import Affine, Placed, stretched
from ..resize import halved
from .crop import middle_of
from .ground import SMALL_SIDE_PX, small_copy
from .seek import Part, seek
from .template import Template
from .window import Views, decoded, views_of

PLACE_STEP_PX, TURN_STEP_DEG = 1 / 64, 1 / 16
"""Poses are rounded to these steps (of the small copy), so that processors which add up in another
order lay a part alike, to the last bit."""


class Pose(NamedTuple):
    """Where a part lies and how: the template's middle, in pixels of the small copy, its turn
    clockwise, its agreement with the template."""

    x_px: float
    y_px: float
    turn_deg: float
    agreement: float


def place_upright(image: Image, width_px: int, height_px: int, by: Uprighting) -> Placed:
    """Lay the part in `image` upright into (height_px, width_px, 3).

    Where no part is found, the whole frame is laid in and in doubt.
    """
    part = seek(small_copy(image), by.edges)
    if part is None:
        return stretched(image, width_px, height_px, "no part stands out from the background")
    pose = pose_of(part, by)
    to_frame = _to_frame(pose, by.crop, max(image.shape[:2]), width_px, height_px)
    height, width = image.shape[:2]
    pixels = _cut_out(image, to_frame, width_px, height_px)
    return Placed(pixels, to_frame, width, height, _doubt(part, pose, by))


def pose_of(part: Part, by: Uprighting) -> Pose:
    """Return how a part lies."""
    taught = _taught(by)
    side_px = by.window * SMALL_SIDE_PX
    stance = taught.template.stance_of(views_of(part, side_px) - taught.light)
    x_px, y_px = (_rounded(each, PLACE_STEP_PX) for each in middle_of(part, stance, side_px))
    turn_deg = _rounded(float(np.degrees(stance.turn)), TURN_STEP_DEG)
    return Pose(x_px, y_px, turn_deg, stance.agreement)


class _Taught(NamedTuple):
    template: Template
    light: Views


@lru_cache(maxsize=4)
def _taught(by: Uprighting) -> _Taught:
    return _Taught(Template.of(decoded(by.template), turns=by.turns), decoded(by.light))


def _doubt(part: Part, pose: Pose, by: Uprighting) -> str | None:
    if not by.least_area <= part.area <= by.most_area:
        return (
            f"what stands out covers {part.area:.1%} of the frame, "
            f"a part {by.least_area:.1%} to {by.most_area:.1%}"
        )
    if pose.agreement < by.least_agreement:
        return (
            f"the part agrees with good ones by {pose.agreement:.2f}, "
            f"at least {by.least_agreement:.2f} is needed to lay it upright"
        )
    return None


def _to_frame(pose: Pose, crop: Crop, longer_px: int, width_px: int, height_px: int) -> Affine:
    """Return the way from the input to the frame."""
    scale = longer_px / SMALL_SIDE_PX
    to_crop = _turning(pose.turn_deg) @ np.array([crop.right, crop.down]) * longer_px
    middle = np.array([pose.x_px, pose.y_px]) * scale + to_crop
    sides = np.array([crop.width / width_px, crop.height / height_px]) * longer_px
    turned = _turning(pose.turn_deg + crop.turn_deg) * sides
    corner = middle - turned @ np.array([width_px / 2, height_px / 2])
    return np.concatenate([turned, corner[:, None]], axis=1)


def _turning(turn_deg: float) -> Affine:
    turn = np.radians(turn_deg)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.array([[cos, -sin], [sin, cos]], np.float64)


def _cut_out(image: Image, to_frame: Affine, width_px: int, height_px: int) -> Image:
    """Return what `to_frame` covers; while it shrinks by two or more, 2x2 pixels become one."""
    turned, corner = to_frame[:, :2].copy(), to_frame[:, 2].copy()
    while min(np.hypot(*turned)) >= 2 and min(image.shape[:2]) >= 4:
        image = halved(image)
        turned, corner = turned / 2, corner / 2
    # Positions count from the corner of a pixel, OpenCV's from its middle.
    corner = corner + turned @ np.array([0.5, 0.5]) - 0.5
    pixels = cv2.warpAffine(
        image,
        np.concatenate([turned, corner[:, None]], axis=1),
        (width_px, height_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(pixels, np.uint8)


def _rounded(value: float, step: float) -> float:
    return round(value / step) * step
