"""How wrong the network is, and along which way it becomes less so."""

import numpy as np

from .boxes import EITHER
from .targets import Targets
from .weights import BOX, Floats

FOCUS = 2.0
"""How much less a cell counts that is told rightly: its chance of being wrong to this power."""
RIGHT_SHARE = 0.5
NEAR = 0.3
"""Cells, or share of a size: from there on a box that is farther off does not count for more."""
LEAST_CHANCE = 1e-6


def slope_of_loss(told: Floats, targets: Targets) -> Floats:
    """Return the slope of the loss along what was told, (pictures, rows, columns, classes + BOX).

    For classes it is the focal loss of Lin et al. (2017), for boxes Huber's; both over the number
    of cells that are to tell a defect.
    """
    classes = told.shape[-1] - BOX
    parts = _of_classes(told[..., :classes], targets), _of_places(told[..., classes:], targets)
    cells = max(1, int((targets.class_of >= 0).sum()))
    return np.asarray(np.concatenate(parts, axis=-1) / cells, np.float32)


def _of_classes(logits: Floats, targets: Targets) -> Floats:
    wanted = targets.class_of[..., None] == np.arange(logits.shape[-1])
    chance = np.clip(1 / (1 + np.exp(-logits)), LEAST_CHANCE, 1 - LEAST_CHANCE)
    right = np.where(wanted, chance, 1 - chance)
    wrong = 1 - right
    slope = wrong**FOCUS * (FOCUS * right * np.log(right) - wrong)
    slope *= np.where(wanted, RIGHT_SHARE, RIGHT_SHARE - 1)
    slope[targets.class_of == EITHER] = 0
    return np.asarray(slope, np.float32)


def _of_places(places: Floats, targets: Targets) -> Floats:
    slope = np.clip((places - targets.places) / NEAR, -1, 1)
    slope[targets.class_of < 0] = 0
    return np.asarray(slope, np.float32)
