"""A frame's part, upright, in a model's input."""

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.frame import Image
from ...core.upright import OUTLINE_PX, Crop, Uprighting
from ..placed import Affine, Placed, stretched
from ..resize import halved
from .crop import middle_of
from .ground import SMALL_SIDE_PX, Colours, small_copy
from .seek import Part, seek
from .template import Template
from .window import decoded, views_of

PLACE_STEP_PX, TURN_STEP_DEG = 1 / 64, 1 / 16
"""Poses are rounded to these steps (of the small copy), so that processors which add up in another
order lay a part alike, to the last bit."""


Size = tuple[int, int]
"""Width and height in pixels."""


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
    size, scale = (width_px, height_px), max(image.shape[:2]) / SMALL_SIDE_PX
    pixels = _painted(_cut_out(image, to_frame, size), part.ground, to_frame / scale, by)
    doubt, agreement = _doubt(part, pose, by), round(pose.agreement, 4)
    return Placed(pixels, to_frame, width, height, doubt, agreement)


def pose_of(part: Part, by: Uprighting) -> Pose:
    """Return how a part lies."""
    side_px = by.window * SMALL_SIDE_PX
    stance = _template_of(by).stance_of(views_of(part, side_px))
    x_px, y_px = (_rounded(each, PLACE_STEP_PX) for each in middle_of(part, stance, side_px))
    turn_deg = _rounded(float(np.degrees(stance.turn)), TURN_STEP_DEG)
    return Pose(x_px, y_px, turn_deg, stance.agreement)


@lru_cache(maxsize=4)
def _template_of(by: Uprighting) -> Template:
    return Template.of(decoded(by.template), decoded(by.light), turns=by.turns)


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


def _cut_out(image: Image, to_frame: Affine, size: Size) -> Image:
    """Return what `to_frame` covers; while it shrinks by two or more, 2x2 pixels become one."""
    while min(np.hypot(*to_frame[:, :2])) >= 2 and min(image.shape[:2]) >= 4:
        image, to_frame = halved(image), to_frame / 2
    return _warped(image, to_frame, size)


def _painted(pixels: Image, ground: Colours, to_small: Affine, by: Uprighting) -> Image:
    """Return `pixels` with what lies off the part painted as its smooth background: grain and dust
    there are nothing to judge.
    """
    size = pixels.shape[1], pixels.shape[0]
    share = _share(by, size)
    smooth = _warped(np.rint(ground).clip(0, 255).astype(np.uint8), to_small, size)
    return np.asarray(cv2.blendLinear(pixels, smooth, share, 1 - share), np.uint8)


def _warped(pixels: Image, to_frame: Affine, size: Size) -> Image:
    """Return what `to_frame` covers of `pixels`; beyond their edge, the edge goes on."""
    # Positions count from the corner of a pixel, OpenCV's from its middle.
    turned, corner = to_frame[:, :2], to_frame[:, 2]
    middle = corner + turned @ np.array([0.5, 0.5]) - 0.5
    affine = np.concatenate([turned, middle[:, None]], axis=1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(pixels, affine, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


@lru_cache(maxsize=4)
def _share(by: Uprighting, size: Size) -> NDArray[np.float32]:
    """Return how much of each pixel of the input is judged, 0 to 1."""
    outline = np.frombuffer(by.outline, np.uint8).reshape(OUTLINE_PX, OUTLINE_PX)
    wide = cv2.resize(outline.astype(np.float32) / 255, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide, np.float32)


def _rounded(value: float, step: float) -> float:
    return round(value / step) * step
