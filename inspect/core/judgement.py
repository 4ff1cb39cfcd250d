"""What a model says of one frame, before any rule is applied."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .finding import Finding
from .gates import Gates

AnomalyMap = NDArray[np.float32]
"""Anomaly of every cell of a grid over the model's input, (rows, columns)."""

UNMEASURED = Gates()
"""Of a part that nothing is known of."""
Laid = NDArray[np.float64]
"""(2, 3): a place (right, down, 1) on the part laid upright, in pixels as large as the frame's,
times this is its place in the frame."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A model's score of a frame (higher is worse, in the model's own scale) and its findings.

    `findings` holds what stood above the threshold the judge was given, the strongest first.
    `anomaly_map` shows how strange each place is, where the model says so. `doubt` says in a
    sentence why the part may have been laid wrongly before the model; it must not pass. `gates` say
    how well the part was seen. `laid` is where the upright part lies in the frame, None where
    nothing was turned.
    """

    score: float
    findings: tuple[Finding, ...] = ()
    anomaly_map: AnomalyMap | None = field(default=None, compare=False, repr=False)
    doubt: str | None = None
    gates: Gates = UNMEASURED
    laid: Laid | None = field(default=None, compare=False, repr=False)
