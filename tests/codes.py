"""Pictures of codes: turned, small, faint and noisy as asked."""

import cv2
import numpy as np
import zxingcpp

from edgeinspect.camera.serial import Grey
from edgeinspect.core.frame import Image
from edgeinspect.core.serial import Code

KINDS = {
    Code.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Code.QR: zxingcpp.BarcodeFormat.QRCode,
    Code.CODE128: zxingcpp.BarcodeFormat.Code128,
}
_FINE = 4
"""Pixels of the drawing for one of the picture."""


def picture_of(
    code: Code,
    text: str,
    *,
    module_px: float = 4,
    turn_deg: float = 0,
    levels: tuple[float, float] = (20, 230),
    noise: float = 2,
    size: tuple[int, int] = (480, 480),
    gs1: bool = False,
) -> Image:
    """Draw a code in the middle, uint8 (height, width, 3), BGR; `levels` are dark and bright."""
    height, width = size
    made = zxingcpp.create_barcode(text, KINDS[code], **({"gs1": True} if gs1 else {}))
    drawn = zxingcpp.write_barcode_to_image(made)
    modules = np.asarray(drawn, np.uint8)
    fine = _FINE * module_px
    large = cv2.resize(modules, None, fx=fine, fy=fine, interpolation=cv2.INTER_NEAREST)
    soft = cv2.GaussianBlur(large, (0, 0), _FINE / 2.5)
    down, across = soft.shape[0] / 2, soft.shape[1] / 2
    turn = cv2.getRotationMatrix2D((across, down), turn_deg, 1 / _FINE)
    turn[:, 2] += width / 2 - across, height / 2 - down
    laid = cv2.warpAffine(soft, turn, (width, height), borderValue=255.0)
    dark, bright = levels
    grey = dark + (bright - dark) * cv2.GaussianBlur(laid, (0, 0), 0.6).astype(np.float64) / 255
    return seen(grey, noise)


def seen(grey: Grey | np.ndarray, noise: float) -> Image:
    """Return a picture of grey levels with the noise of a camera, the same each time."""
    grain = np.random.default_rng(7).normal(0, noise, grey.shape)
    levels = np.clip(grey + grain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_GRAY2BGR), np.uint8)


def beside(*pictures: Image) -> Image:
    """Lay pictures of one height side by side."""
    return np.concatenate(pictures, axis=1)
