"""How bright the light is just now, so that its flicker is not taken for a part."""

import numpy as np

from .runs import Columns
from .small import Grey

DARK = 8.0
"""Grey values that are added to both before they are compared: black has no brightness."""
BRIGHTER = 2.0
"""A lamp may be up to so many times as bright as it was, or as dim."""
KNOWN, WELL_KNOWN = 0.1, 0.5
"""Columns nobody covers, as a share of the view: of fewer the light is not told, and of so many it
is told whatever moved into them."""
STEADY = 1.02
"""What light is measured to swing by at least."""


def brightness(grey: Grey, empty: Grey, free: Columns) -> Grey:
    """Return by what each row is to be multiplied to be as bright as the empty one, (rows, 1).

    Row by row, for mains light and a rolling shutter make stripes; judged by the `free` columns.
    """
    ratio = (empty[:, free] + DARK) / (grey[:, free] + DARK)
    return np.clip(np.median(ratio, axis=1, keepdims=True), 1 / BRIGHTER, BRIGHTER)


class Light:
    """Follows the light; `swing` is by how many times it is brighter or dimmer than usual."""

    def __init__(self, rows: int, swing: float) -> None:
        self._usual: Grey = np.ones((rows, 1), np.float32)
        self._swing = max(STEADY, swing)
        self._is_new = True

    def gain(self, grey: Grey, empty: Grey, free: Columns) -> Grey:
        """Return by what each row is to be multiplied.

        Where few columns are free, perhaps beside a part that looks like a belt in another light,
        the light is believed to be as far from usual as it was seen to be, and no farther.
        """
        if free.mean() < KNOWN:
            return self._usual
        measured = brightness(grey, empty, free)
        return measured if free.mean() >= WELL_KNOWN else self.at_most(measured)

    def at_most(self, measured: Grey) -> Grey:
        """Return what was measured, within the limits in which the light was seen to swing."""
        return np.clip(measured, self._usual / self._swing, self._usual * self._swing)

    def gains(self) -> list[Grey]:
        """Return some gains, from the brightest to the dimmest light that was seen."""
        factors = np.geomspace(1 / self._swing, self._swing, 7).tolist()
        return [self._usual * factor for factor in factors]

    def follow(self, measured: Grey, share: float) -> None:
        """Note a gain that is well known."""
        self._usual = measured if self._is_new else self._usual + share * (measured - self._usual)
        self._is_new = False
        swing = swing_of(measured / self._usual) * STEADY
        self._swing = max(swing, self._swing + share * (swing - self._swing))


def swing_of(gains: Grey) -> float:
    """Return by how many times the light is brighter or dimmer at most."""
    return float(max(gains.max(), 1 / gains.min()))
