"""What a model says of one frame, before any rule is applied."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .finding import Finding
from .gates import Gates

AnomalyMap = NDArray[np.float32]
"""Anomaly of every cell of a grid over the model's input, (rows, columns)."""

UNMEASURED = Gates()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A model's score of a frame (higher is worse, in the model's own scale) and its findings.

    `findings` holds what stood above the threshold the judge was given, the strongest first.
    `anomaly_map` shows how strange each place is, where the model says so. `doubt` says in a
    sentence why the part may have been laid wrongly before the model; it must not pass.
    `gates` say how well the part was seen.
    """

    score: float
    findings: tuple[Finding, ...] = ()
    anomaly_map: AnomalyMap | None = field(default=None, compare=False, repr=False)
    doubt: str | None = None
    gates: Gates = UNMEASURED
