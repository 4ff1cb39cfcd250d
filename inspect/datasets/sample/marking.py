"""What the laser writes on each part: its serial as DataMatrix, and the type in letters."""

from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from .geometry import PITCH_PX, Grid
from .noise import blurred, clouds, plane
from .part import Pixels, Plane
from .surface import Surface

CODE_AT_PX = (0.0, -PITCH_PX)
LABEL_AT_PX = (0.0, PITCH_PX)
MODULE_PX = 4.2
_QUIET_MODULES = 1.8
_LABEL = ("EW-190 / 6x26", "42CrMo4")
_LETTER_DOTS_PER_PX = 6


def serial_number(index: int) -> str:
    """Serial of the part with this index, 0 to 999999."""
    return f"EW26-{index:06d}"


def datamatrix(serial: str) -> Pixels:
    """Modules of a serial's DataMatrix without quiet zone: 0 dark, 255 light."""
    code = zxingcpp.create_barcode(serial, zxingcpp.BarcodeFormat.DataMatrix)
    return np.array(code.to_image(scale=1, add_quiet_zones=False), dtype=np.uint8)


def mark(rng: np.random.Generator, surface: Surface, grid: Grid, serial: str) -> Surface:
    """Frost a field, burn the code into it, and write the type label on the other side."""
    frosted, burnt = _code(rng, grid, serial)
    letters = _placed(_label_dots(), grid, LABEL_AT_PX, 1.0 / _LETTER_DOTS_PER_PX)
    patchy = 1.0 + 0.03 * clouds(rng, grid.x.shape, 5.0)
    dark = 1.0 - (0.93 * burnt + 0.62 * letters) * patchy
    return replace(
        surface,
        grain=plane(surface.grain * (1.0 - 0.75 * np.maximum(frosted, letters))),
        tint=plane(surface.tint * (dark * (1.0 + 0.20 * frosted))[..., None]),
    )


def _code(rng: np.random.Generator, grid: Grid, serial: str) -> tuple[Plane, Plane]:
    """Frosted field, ragged as the laser leaves it, and the dark modules in it."""
    modules = datamatrix(serial)
    half = (modules.shape[0] / 2.0 + _QUIET_MODULES) * MODULE_PX
    at = grid.around(*CODE_AT_PX, 1.5 * half)
    near = grid.cut(at)
    x, y = near.x - np.float32(CODE_AT_PX[0]), near.y - np.float32(CODE_AT_PX[1])
    inside = half - (x**6 + y**6) ** np.float32(1 / 6) + 0.25 * clouds(rng, x.shape, 6.0)
    frosted = np.zeros_like(grid.x)
    frosted[at] = np.clip(inside * 0.8 + 0.5, 0.0, 1.0)
    dots = cv2.resize(255 - modules, None, fx=8.0, fy=8.0, interpolation=cv2.INTER_NEAREST)
    return frosted, _placed(np.asarray(dots), grid, CODE_AT_PX, MODULE_PX / 8.0)


def _label_dots() -> Pixels:
    dots = np.zeros((34 * _LETTER_DOTS_PER_PX, 96 * _LETTER_DOTS_PER_PX), np.uint8)
    for line, text in enumerate(_LABEL):
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 2.0, 7)
        at = ((dots.shape[1] - width) // 2, (13 + 16 * line) * _LETTER_DOTS_PER_PX)
        cv2.putText(dots, text, at, cv2.FONT_HERSHEY_SIMPLEX, 2.0, 255, 7, cv2.LINE_AA)
    return dots


def _placed(dots: Pixels, grid: Grid, at_px: tuple[float, float], dot_px: float) -> Plane:
    """Lay a drawing on the part, centred at a point; 0 to 1."""
    height, width = dots.shape
    column = (grid.x - np.float32(at_px[0])) / np.float32(dot_px) + np.float32(width / 2 - 0.5)
    row = (grid.y - np.float32(at_px[1])) / np.float32(dot_px) + np.float32(height / 2 - 0.5)
    smooth = blurred(plane(dots) / np.float32(255.0), 2.0)
    return plane(cv2.remap(smooth, column, row, cv2.INTER_LINEAR))
