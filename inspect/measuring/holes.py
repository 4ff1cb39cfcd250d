"""Round holes in a box of the picture: how many, and where."""

from dataclasses import dataclass
from math import pi

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.errors import MeasuringError
from ..core.gauge import HolesGauge, Step
from .circle import Ring, Round, off_by, round_in
from .plane import Points
from .value import Value
from .view import View

BLUR_PX = 1.5
LEAST_ROUND = 0.7
"""Four pi times area over squared outline: 1 of a circle, 0.785 of a square."""
MOST_HOLES = 1000
LEAST_REACH_PX = 7.0
"""So far about a hole its edge is sought at least: a soft one needs the room."""


@dataclass(frozen=True, slots=True)
class _Blob:
    centre_px: Points
    radius_px: float


def holes(view: View, gauge: HolesGauge) -> tuple[Value, Value | None]:
    """Return how many holes there are, and the distance of the worst from its place.

    Raises MeasuringError where nothing stands out, or a place has no hole of its own.
    """
    found = [_refined(view, blob, gauge) for blob in _blobs(view, gauge)]
    count = Value(float(len(found)), 0.0)
    if not gauge.places_px:
        return count, None
    if len(found) != len(gauge.places_px):
        return count, None
    wanted = view.measured(view.in_frame(np.array(gauge.places_px, np.float64)))
    return count, _worst(found, wanted)


def _worst(found: list[Round], wanted: Points) -> Value:
    apart = np.linalg.norm(np.stack([each.centre for each in found]) - wanted[:, None], axis=2)
    nearest = apart.argmin(axis=1)
    if len(set(nearest.tolist())) < len(nearest):
        raise MeasuringError("two of its places have the same hole nearest")
    offs = [off_by(found[n], place) for n, place in zip(nearest, wanted, strict=True)]
    return max(offs, key=lambda each: each.value)


def _blobs(view: View, gauge: HolesGauge) -> list[_Blob]:
    left, top, right, bottom = gauge.box_px
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    corners = view.in_frame(corners)
    width, height = int(right - left), int(bottom - top)
    onward, down = (
        (corners[1] - corners[0]) / (right - left),
        (corners[3] - corners[0]) / (bottom - top),
    )
    across, along = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    patch = view.greys_at(corners[0] + across[..., None] * onward + along[..., None] * down)
    mask = _standing_out(patch, gauge)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [
        _Blob(corners[0] + blob.centre_px @ np.stack([onward, down]), blob.radius_px)
        for outline in outlines[:MOST_HOLES]
        if (blob := _round_one(np.asarray(outline), mask, gauge)) is not None
    ]


def _standing_out(patch: NDArray[np.float32], gauge: HolesGauge) -> NDArray[np.uint8]:
    soft = cv2.GaussianBlur(patch, (0, 0), BLUR_PX).clip(0, 255).astype(np.uint8)
    limit, _ = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark = soft <= limit
    if dark.all() or not dark.any():
        raise MeasuringError("nothing stands out in its place")
    contrast = float(soft[~dark].mean()) - float(soft[dark].mean())
    if contrast < gauge.contrast:
        raise MeasuringError(f"nothing stands out in its place by {gauge.contrast:g} grey levels")
    return np.asarray((dark if gauge.dark else ~dark).astype(np.uint8) * 255)


def _round_one(
    outline: NDArray[np.int32], mask: NDArray[np.uint8], gauge: HolesGauge
) -> _Blob | None:
    """Return the blob within an outline, None where it is no whole hole of the size asked for."""
    points = outline.reshape(-1, 2)
    height, width = mask.shape
    if (points <= 0).any() or (points >= (width - 1, height - 1)).any():
        return None
    # Outlines go through the middles of pixels, half a pixel inside.
    length = cv2.arcLength(outline, closed=True)
    area = cv2.contourArea(outline) + length / 2 + 1
    diameter = 2 * float(np.sqrt(area / pi))
    if not gauge.least_px - 1 <= diameter <= gauge.most_px + 1:
        return None
    if 4 * pi * area / (length + pi) ** 2 < LEAST_ROUND:
        return None
    sums = cv2.moments(outline)
    if not sums["m00"]:
        return None
    middle = np.array([sums["m10"] / sums["m00"], sums["m01"] / sums["m00"]]) + 0.5
    return _Blob(middle, diameter / 2)


def _refined(view: View, blob: _Blob, gauge: HolesGauge) -> Round:
    reach = max(LEAST_REACH_PX, 0.4 * blob.radius_px)
    step = Step.TO_BRIGHT if gauge.dark else Step.TO_DARK
    ring = Ring(blob.centre_px, max(0.5, blob.radius_px - reach), blob.radius_px + reach, step)
    return round_in(view, ring, gauge)
