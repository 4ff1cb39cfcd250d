"""A taught network that draws boxes, and what it says of parts."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..pardon import Pardoned, directions
from .network import Inputs, forward
from .weights import HIDDEN, Floats, Weights

LOUDEST_CELLS = 16
"""Kept of each good part, so that they can be pardoned."""


@dataclass(frozen=True, slots=True)
class Loudest:
    """The cells of good parts that speak loudest for a defect: how loud, (images, LOUDEST_CELLS),
    falling, and what was seen in them, (images, LOUDEST_CELLS, HIDDEN), of unit length.
    """

    loudness: Floats
    seen: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.loudness)

    def and_also(self, more: Self) -> Self:
        """Return the cells of these parts and then of `more`."""
        return type(self)(
            np.concatenate([self.loudness, more.loudness]), np.concatenate([self.seen, more.seen])
        )

    def only(self, places: NDArray[np.intp]) -> Self:
        """Return the cells of the parts at these places."""
        return type(self)(self.loudness[places], self.seen[places])


@dataclass(frozen=True, slots=True)
class BoxHead:
    """The weights, for inputs as they come, and cells that were found to be good.

    How loud a cell speaks for a defect is the highest logit of its classes.
    """

    weights: Weights
    pardoned: Pardoned

    @classmethod
    def of(cls, weights: Weights) -> Self:
        """Pardon nothing yet."""
        return cls(weights, Pardoned.none(HIDDEN))

    def loudest(self, inputs: Inputs) -> Loudest:
        """Return the loudest cells of one picture, before any is pardoned."""
        done = forward(self.weights, inputs)
        loudness = done.told[..., : self.weights.classes].max(axis=-1).reshape(-1)
        places = np.argsort(-loudness, kind="stable")[:LOUDEST_CELLS]
        seen = directions(done.seen[places]).astype(np.float16)
        return Loudest(loudness[places][None], seen[None])

    def loudness(self, cells: Loudest) -> Floats:
        """Return how loud cells speak, less what is pardoned, (images, LOUDEST_CELLS)."""
        return cells.loudness - self.pardoned.off(cells.seen.astype(np.float32))

    def accepting(self, cells: Loudest) -> Self:
        """Return the same, but that it pardons these cells."""
        more = cells.seen.reshape(-1, HIDDEN).astype(np.float32)
        return replace(self, pardoned=self.pardoned.and_also(more))
