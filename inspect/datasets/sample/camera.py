"""The camera that takes the picture: lens, sensor and tone curve."""

from dataclasses import dataclass

import cv2
import numpy as np

from .geometry import HEIGHT_PX, SAMPLES, WIDTH_PX
from .noise import plane
from .part import Colour, Pixels, Plane

_READ_NOISE, _SHOT_NOISE = 0.0028, 0.016
_GLARE = 0.025
_SHOULDER = 0.72
_GAMMA = 1.0 / 2.2


@dataclass(frozen=True, slots=True)
class Exposure:
    """How one picture is taken; the hot spot is where the lamps are brightest, in px."""

    gain: float
    blur_px: float
    balance: tuple[float, float, float]
    hot_x_px: float
    hot_y_px: float


def exposure(rng: np.random.Generator) -> Exposure:
    """Draw a picture's settings: light and focus breathe a little from part to part."""
    blue, red = 1.0 + 0.012 * rng.standard_normal(2)
    x, y = rng.normal((250.0, 190.0), 22.0)
    return Exposure(
        gain=float(np.exp(0.055 * rng.standard_normal())),
        blur_px=float(rng.uniform(0.22, 0.48)),
        balance=(float(blue), 1.0, float(red)),
        hot_x_px=float(x),
        hot_y_px=float(y),
    )


def photograph(rng: np.random.Generator, scene: Colour, taken: Exposure) -> Pixels:
    """Turn the light of the supersampled scene into 8-bit pixels, (480, 640, 3) BGR."""
    soft = cv2.GaussianBlur(scene, (0, 0), taken.blur_px * SAMPLES)
    size = (WIDTH_PX, HEIGHT_PX)
    light = plane(cv2.resize(soft, size, interpolation=cv2.INTER_AREA))
    light = light * _falloff(taken)[..., None] * np.array(taken.balance, np.float32)
    return _toned(_noisy(rng, plane((1.0 - _GLARE) * light + _GLARE * _spread(light))))


def _spread(light: Colour) -> Colour:
    """Light scattered in the lens, at an eighth of the size: it has no detail."""
    small = cv2.resize(light, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    return plane(cv2.resize(cv2.GaussianBlur(small, (0, 0), 3.5), (WIDTH_PX, HEIGHT_PX)))


def _falloff(taken: Exposure) -> Plane:
    y, x = np.mgrid[0.0:HEIGHT_PX, 0.0:WIDTH_PX].astype(np.float32)
    hot = (x - taken.hot_x_px) ** 2 + (y - taken.hot_y_px) ** 2
    corner = (x - WIDTH_PX / 2) ** 2 + (y - HEIGHT_PX / 2) ** 2
    lamp = 0.92 + 0.38 * np.exp(-hot / (2.0 * 230.0**2))
    return plane(taken.gain * lamp * (1.0 - 0.34 * corner / 400.0**2))


def _noisy(rng: np.random.Generator, light: Colour) -> Colour:
    grain = rng.standard_normal(light.shape, dtype=np.float32)
    return plane(light + grain * np.sqrt(_READ_NOISE**2 + _SHOT_NOISE**2 * np.maximum(light, 0.0)))


def _toned(light: Colour) -> Pixels:
    """Gamma 2.2 with a soft shoulder, so that highlights roll off before they clip."""
    light = np.maximum(light, 0.0)
    over = np.maximum(light - _SHOULDER, 0.0) / (1.0 - _SHOULDER)
    rolled = np.minimum(light, _SHOULDER) + (1.0 - _SHOULDER) * (1.0 - np.exp(-over))
    return np.asarray(np.round(255.0 * rolled**_GAMMA), dtype=np.uint8)
