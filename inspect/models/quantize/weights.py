"""A convolution's weights in 8 bits, and its bias without what their rounding adds."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

MOST = 127
LEAST_SPAN = 1e-6
"""So that what is always zero has a scale too."""


@dataclass(frozen=True, slots=True)
class RoundedWeights:
    """int8 (made, taken, ...) weights and the scale of each channel that is made."""

    whole: NDArray[np.int8]
    scales: Numbers

    @classmethod
    def of(cls, weights: Numbers) -> Self:
        """Round weights (made, taken, ...), each channel to its own scale."""
        most = np.abs(weights).reshape(len(weights), -1).max(axis=1)
        scales = (np.maximum(most, LEAST_SPAN) / MOST).astype(np.float32)
        return cls(np.rint(weights / _along(scales, weights)).astype(np.int8), scales)

    def read_back(self) -> Numbers:
        """Return what they stand for."""
        return np.asarray(self.whole * _along(self.scales, self.whole), np.float32)


def mean_error(
    weights: Numbers, rounded: RoundedWeights, taken_means: tuple[float, ...]
) -> Numbers:
    """Return by how much the rounding of weights (made, taken, ...) raises each channel that is
    made, on average, where the channels taken have these means.

    A convolution in groups takes more channels than its weights are wide. The few weights of a
    channel do not round to the same sum, which shifts all that follows. (Nagel et al., Data-Free
    Quantization Through Weight Equalization and Bias Correction, 2019, section 4.2.)
    """
    error = rounded.read_back() - weights
    summed = error.reshape(*weights.shape[:2], -1).sum(axis=2)
    groups = len(taken_means) // weights.shape[1]
    means = np.reshape(taken_means, (groups, 1, -1))
    shifts = (summed.reshape(groups, -1, weights.shape[1]) * means).sum(axis=2)
    return np.asarray(shifts.reshape(-1), np.float32)


def _along(scales: Numbers, weights: NDArray[np.generic]) -> Numbers:
    return scales.reshape(-1, *[1] * (weights.ndim - 1))
