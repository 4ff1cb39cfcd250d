"""What a graph says of one frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ..core.errors import ModelError
from ..core.judgement import AnomalyMap

Boxes = NDArray[np.float32]
"""Left, top, right, bottom in pixels of the input, score, class index: (boxes, 6)."""

ClassMap = NDArray[np.float32]
"""How much each cell looks like each class, (classes, rows, columns)."""

Outputs = Mapping[str, NDArray[Any]]
"""The graph's outputs by name."""

SCORE, ANOMALY_MAP, BOXES, CLASS_MAP = "score", "anomaly_map", "boxes", "class_map"
OUTPUTS = (SCORE, ANOMALY_MAP, BOXES, CLASS_MAP)
"""All a graph may answer with; the score always, the others as its family has them."""

SIDES = {ANOMALY_MAP: 2, BOXES: 2, CLASS_MAP: 3}
"""How many sides each answer beside the score has."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The score of a frame, higher is worse, and where what was seen; None is not answered."""

    score: float
    anomaly_map: AnomalyMap | None = None
    boxes: Boxes | None = None
    class_map: ClassMap | None = None

    @classmethod
    def of(cls, outputs: Outputs) -> Self:
        """Take the answer from a graph's outputs.

        Raises ModelError when they have another form than described above.
        """
        forms = {name: value.ndim for name, value in outputs.items() if name != SCORE}
        if SCORE not in outputs or outputs[SCORE].size != 1 or not forms.items() <= SIDES.items():
            raise ModelError("its answer has another form than any model's here")
        rest = {name: np.asarray(outputs[name], np.float32) for name in outputs if name != SCORE}
        return cls(float(outputs[SCORE].item()), **rest)

    def outputs(self) -> dict[str, NDArray[np.float32]]:
        """Return what was answered, by output."""
        found = {ANOMALY_MAP: self.anomaly_map, BOXES: self.boxes, CLASS_MAP: self.class_map}
        answered = {name: value for name, value in found.items() if value is not None}
        return {SCORE: np.array(self.score, np.float32)} | answered
