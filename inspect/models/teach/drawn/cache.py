"""What was taught from drawn boxes, as arrays of the cache beside a model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..form import DRAWN_TAPS
from .drawn import Drawn
from .head import LOUDEST_CELLS, BoxHead, Loudest
from .weights import HIDDEN, Weights

Arrays = dict[str, NDArray[Any]]

_PREFIX = "drawn."
_LOUDNESS, _SEEN = f"{_PREFIX}loudness", f"{_PREFIX}seen"
_WEIGHTS = len(DRAWN_TAPS) + 5


def drawn_arrays(drawn: Drawn) -> Arrays:
    """Return it as arrays by name."""
    weights = drawn.head.weights.arrays()
    return {f"{_PREFIX}{number}": each for number, each in enumerate(weights)} | {
        _LOUDNESS: drawn.good.loudness,
        _SEEN: drawn.good.seen,
    }


def drawn_from(arrays: Arrays, images: int) -> Drawn:
    """Return what the arrays say of this many good images.

    Raises ValueError or KeyError unless all of it fits.
    """
    weights = [arrays[f"{_PREFIX}{number}"].astype(np.float32) for number in range(_WEIGHTS)]
    loudness = arrays[_LOUDNESS].astype(np.float32)
    seen = arrays[_SEEN].astype(np.float16)
    if loudness.shape != (images, LOUDEST_CELLS) or seen.shape != (*loudness.shape, HIDDEN):
        raise ValueError("of other images")
    numbers: list[NDArray[Any]] = [*weights, loudness, seen]
    if not all(np.isfinite(each).all() for each in numbers):
        raise ValueError("not of numbers")
    return Drawn(BoxHead.of(Weights.of(weights)), Loudest(loudness, seen))
