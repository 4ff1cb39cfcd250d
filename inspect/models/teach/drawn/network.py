"""The network that draws boxes, forwards and backwards, in numpy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .weights import Floats, Weights

Inputs = Sequence[Floats]
"""Of each tap what the cells of several pictures are seen by, (pictures, rows, columns, inputs)."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one run of the network made of its inputs, layer by layer.

    `taken` is (pictures, rows, columns, HIDDEN), `around` (cells, 9 * HIDDEN) and `seen` (cells,
    HIDDEN), of all pictures; `told` is (pictures, rows, columns, classes + BOX).
    """

    inputs: Inputs
    taken: Floats
    around: Floats
    seen: Floats
    told: Floats


def forward(weights: Weights, inputs: Inputs) -> Pass:
    """Run the network on several pictures."""
    layers = (each @ taken for each, taken in zip(inputs, weights.taken, strict=True))
    taken = np.maximum(sum(layers) + weights.taken_bias, 0)
    around = _neighbourhoods(taken)
    seen = np.maximum(around @ weights.around + weights.around_bias, 0)
    told = seen @ weights.told + weights.told_bias
    return Pass(inputs, taken, around, seen, told.reshape(*taken.shape[:3], -1))


def backward(weights: Weights, done: Pass, slope: Floats) -> Weights:
    """Return the slope of a loss along every weight, from that along `told`."""
    told = slope.reshape(-1, slope.shape[-1])
    seen = (told @ weights.told.T) * (done.seen > 0)
    around = _spread_back(np.asarray(seen @ weights.around.T, np.float32), done.taken.shape)
    taken = (around * (done.taken > 0)).reshape(-1, around.shape[-1])
    return Weights(
        tuple(each.reshape(-1, each.shape[-1]).T @ taken for each in done.inputs),
        taken.sum(axis=0),
        done.around.T @ seen,
        seen.sum(axis=0),
        done.seen.T @ told,
        told.sum(axis=0),
    )


def _neighbourhoods(layer: Floats) -> Floats:
    """Return of every cell the three by three around it, side by side; beyond the rim is zero."""
    padded = np.pad(layer, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = sliding_window_view(padded, (3, 3), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    return np.ascontiguousarray(windows).reshape(-1, 9 * layer.shape[3])


def _spread_back(slope: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the slope along a layer of this shape from that along its neighbourhoods."""
    pictures, rows, columns, channels = shape
    parts = slope.reshape(pictures, rows, columns, 3, 3, channels)
    padded = np.zeros((pictures, rows + 2, columns + 2, channels), np.float32)
    for down in range(3):
        for across in range(3):
            window = padded[:, down : down + rows, across : across + columns]
            window += parts[:, :, :, down, across]
    return padded[:, 1:-1, 1:-1]
