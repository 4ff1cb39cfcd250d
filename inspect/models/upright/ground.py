"""What lies around a part: how far every pixel is from a background of uneven light."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.frame import Image
from ...core.upright import Edges
from ..resize import to_input

SMALL_SIDE_PX = 192
"""Longest side of the copy of a frame in which the part is sought."""
BORDER_SHARE = 0.05
LEAST_FREE_SHARE = 0.15
NOISE_FLOOR = 1.0  # grey levels: an even background must not make noise of rounding
ROUNDS = 3
ENOUGH_PIXELS, LEAST_PIXELS = 1000, 50
"""Of the background, to fit six numbers to: spread over all of it, or left after the outliers."""

Floats = NDArray[np.float32]
Colours = NDArray[np.float32]
"""A small copy of a frame, (rows, columns, 3), in grey levels."""


@dataclass(frozen=True, slots=True)
class Departure:
    """How a small copy departs from its background: in grey levels, (rows, columns, 3), and as a
    distance in deviations of the background's noise, (rows, columns).
    """

    levels: Colours
    distance: Floats


def small_copy(image: Image) -> Colours:
    """Return a copy of `image` whose longer side is `SMALL_SIDE_PX`, its noise smoothed."""
    height, width = image.shape[:2]
    ratio = SMALL_SIDE_PX / max(height, width)
    small = to_input(image, max(2, round(width * ratio)), max(2, round(height * ratio)))
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def at_edges(shape: tuple[int, ...], edges: Edges) -> NDArray[np.bool_]:
    """Return which pixels of a copy of this shape lie along the edges."""
    rows, columns = shape[:2]
    depth = max(2, round(BORDER_SHARE * min(rows, columns)))
    along = np.zeros((rows, columns), np.bool_)
    if edges in (Edges.ALL, Edges.SIDES):
        along[:, :depth] = along[:, -depth:] = True
    if edges in (Edges.ALL, Edges.ENDS):
        along[:depth] = along[-depth:] = True
    return along


def departure(small: Colours, background: NDArray[np.bool_]) -> Departure:
    """Return how `small` departs from the smooth surface through its background pixels."""
    basis = _basis(small.shape)
    places = np.flatnonzero(background)
    places = places[:: max(1, len(places) // ENOUGH_PIXELS)]
    surface, noise = _fitted(basis.reshape(-1, 6)[places], small.reshape(-1, 3)[places])
    levels = small - basis @ surface
    apart = levels / (noise * np.sqrt(3, dtype=np.float32))
    return Departure(levels, np.sqrt(np.einsum("ijk,ijk->ij", apart, apart)))


@lru_cache(maxsize=4)
def _basis(shape: tuple[int, ...]) -> Floats:
    """Return 1, x, y and their products over a copy of this shape; callers leave it as it is."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j].astype(np.float32)
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=2)


def _fitted(basis: Floats, colours: Floats) -> tuple[Floats, Floats]:
    """Return the surface, (6, 3), and its noise, (3,); what does not belong is left out.

    The start is one level, the median: a curved start would follow rails at two edges.
    """
    surface: NDArray[np.floating] = np.zeros((basis.shape[1], colours.shape[1]))
    surface[0] = np.median(colours, axis=0)
    kept, noise = _belonging(basis, colours, surface, np.ones(len(colours), np.bool_))
    damping = np.diag([0.0, 1.0, 1.0, 1.0, 1.0, 1.0]) * 1e-5 * len(colours)
    for _ in range(ROUNDS):
        own = basis[kept].astype(np.float64)
        surface = np.linalg.solve(own.T @ own + damping, own.T @ colours[kept])
        kept, noise = _belonging(basis, colours, surface, kept)
    return surface.astype(np.float32), noise.astype(np.float32)


def _belonging(
    basis: Floats, colours: Floats, surface: NDArray[np.floating], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which pixels lie near the surface, and the noise of those that did before."""
    off = np.abs(colours - basis @ surface)
    noise = 1.4826 * np.median(off[kept], axis=0) + NOISE_FLOOR
    near = np.asarray((off < 3 * noise).all(axis=1))
    return (near if np.count_nonzero(near) >= LEAST_PIXELS else kept), noise
