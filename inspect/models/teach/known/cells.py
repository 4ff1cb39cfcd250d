"""The cells that known defects are looked for in: three blocks of the coarse view, side by side."""

import numpy as np
from numpy.typing import NDArray

from ..features import Features
from ..form import Form, Tap

TAPS = (Tap("coarse", "t7"), Tap("coarse", "t10"), Tap("coarse", "t14"))
GRID_TAP = TAPS[0]

Joined = NDArray[np.float32]
"""Features of the cells of several images, (images, cells, channels of all taps)."""


def joined(features: Features, form: Form) -> Joined:
    """Return each cell with what every tap says of it."""
    parts = [features[tap][:, covering(form, tap)] for tap in TAPS]
    return np.concatenate([part.astype(np.float32) for part in parts], axis=2)


def covering(form: Form, tap: Tap) -> NDArray[np.int64]:
    """Return for each cell of the grid the index of the tap's cell over it."""
    (rows, columns), (tap_rows, tap_columns) = form.shape(GRID_TAP), form.shape(tap)
    down = np.arange(rows) * tap_rows // rows
    across = np.arange(columns) * tap_columns // columns
    return np.asarray(down[:, None] * tap_columns + across, np.int64).reshape(-1)
