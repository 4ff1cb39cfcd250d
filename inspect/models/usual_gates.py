"""What is usual in how parts are seen, and how far from it a part may be."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..core.frame import Image
from ..core.gates import Gates, TaughtGates, Usual
from ..core.manifest import ModelManifest
from .gates import gates_of
from .placement import place

Measured = NDArray[np.float64]
"""Focus, brightness and contrast of every image, (images, 3); NaN where they are not known."""

FOCUS_REACH, LIGHT_REACH, CONTRAST_REACH = 8.0, 10.0, 12.0
"""Robust deviations from the median. Wide: a gate is for what went wrong with camera and light, and
a product whose looks vary is not to be sent to review for it (docs/models/gates.md)."""
LEAST_FOCUS, LEAST_LIGHT, LEAST_CONTRAST = 1.5, 40.0, 2.5
"""So many times, or grey levels, from the median at least: few parts alike say little."""
LEAST_IMAGES = 8
_NEAR_NOTHING = 1e-3


def measured(gates: Sequence[Gates]) -> Measured:
    """Return the numbers of these gates."""
    rows = [(each.focus, each.brightness, each.contrast) for each in gates]
    return np.array(rows, np.float64).reshape(-1, 3)


def usual_in(images: Iterable[Image], manifest: ModelManifest) -> TaughtGates | None:
    """Return how the parts in `images` are seen by the model of `manifest`; they may be bad ones,
    for how a part is seen says nothing of what is wrong with it.
    """
    return taught_gates(measured([gates_of(place(image, manifest)) for image in images]))


def taught_gates(seen: Measured) -> TaughtGates | None:
    """Return what was usual; None where too few images were measured."""
    known = seen[np.isfinite(seen).all(axis=1)]
    if len(known) < LEAST_IMAGES:
        return None
    focus, brightness, contrast = known.T
    return TaughtGates(
        images=len(known),
        focus=_by_ratio(focus, FOCUS_REACH, LEAST_FOCUS),
        brightness=_by_level(brightness, LIGHT_REACH, LEAST_LIGHT),
        contrast=_by_ratio(contrast, CONTRAST_REACH, LEAST_CONTRAST),
    )


def _by_level(values: NDArray[np.float64], reach: float, least: float) -> Usual:
    """Return limits at `reach` deviations of the median, never within the values themselves."""
    middle = float(np.median(values))
    away = max(reach * 1.4826 * float(np.median(np.abs(values - middle))), least)
    low, high = min(middle - away, float(values.min())), max(middle + away, float(values.max()))
    return Usual(low=low, middle=middle, high=high)


def _by_ratio(values: NDArray[np.float64], reach: float, least: float) -> Usual:
    logs = np.log(np.maximum(values, _NEAR_NOTHING))
    usual = _by_level(logs, reach, float(np.log(least)))
    low, middle, high = np.exp([usual.low, usual.middle, usual.high])
    return Usual(low=low, middle=middle, high=high)
