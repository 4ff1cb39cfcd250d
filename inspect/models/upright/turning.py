"""By how much one window is turned against another: correlation over all angles at once."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.upright import WINDOW_PX
from .window import Views

ANGLES, RADII = 256, 40
LEAST_APART = 12  # of the angles: 17 degrees, within which a peak is one peak

Spectrum = NDArray[np.complex64]
"""Of the views around the centre, (ANGLES / 2 + 1, radii and views)."""

_LENGTHS = np.sqrt((np.arange(RADII) + 0.5) / RADII).astype(np.float32)
"""Outer rings hold more pixels."""


def spectrum_of(views: Views) -> Spectrum:
    """Return the spectrum over angle of what changes with the angle; its length is 1 or less."""
    middle = (WINDOW_PX / 2 - 0.5, WINDOW_PX / 2 - 0.5)
    rings = cv2.warpPolar(views, (RADII, ANGLES), middle, WINDOW_PX / 2, cv2.WARP_POLAR_LINEAR)
    weighed = np.asarray(rings, np.float32) * _LENGTHS[None, :, None]
    sizes = np.sqrt(np.square(weighed).sum(axis=(0, 1))) + 1e-6
    changing = (weighed - weighed.mean(axis=0)) / sizes
    return np.fft.rfft(changing.reshape(ANGLES, -1), axis=0).astype(np.complex64)


def correlation(one: Spectrum, other: Spectrum) -> NDArray[np.float32]:
    """Return the correlation of `one`, turned back by each angle, with `other`, (ANGLES,)."""
    product = np.fft.irfft((one * other.conj()).sum(axis=1), n=ANGLES)
    return np.asarray(product / (_length(one) * _length(other) + 1e-9), np.float32)


def peaks(curve: NDArray[np.float32], most: int) -> list[float]:
    """Return the angles (radians) of the highest peaks of a correlation, at most `most`.

    Peaks far below the highest are left out.
    """
    rest, found = curve.copy(), []
    lowest = 0.6 * float(curve.max())
    for _ in range(most):
        place = int(rest.argmax())
        if rest[place] < lowest:
            break
        found.append(place * 2 * np.pi / ANGLES)
        away = np.abs((np.arange(ANGLES) - place + ANGLES // 2) % ANGLES - ANGLES // 2)
        rest[away < LEAST_APART] = -np.inf
    return found


def _length(spectrum: Spectrum) -> float:
    squares = np.square(np.abs(spectrum)).sum(axis=1)
    return float(np.sqrt((2 * squares.sum() - squares[0] - squares[-1]) / ANGLES))
