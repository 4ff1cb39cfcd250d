"""Whether the exported model finds what the network it came from finds, box by box."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...core.manifest import ModelManifest
from ...datasets.images import read_image
from ..answer import Answer, Boxes
from ..box_agreement import Alike, have_twins
from ..placement import place
from ..runtime import Session

ALIKE = Alike(overlap=0.99, score=1e-3)
LEAST_SHARE = 0.98
"""Of boxes with a twin; two runtimes may choose otherwise between two that overlap by a hair."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many boxes were compared, and how many of them have a twin on the other side."""

    boxes: int
    twins: int

    @property
    def holds(self) -> bool:
        """Whether both find the same."""
        return self.twins >= LEAST_SHARE * self.boxes


def agreement(
    found: Mapping[str, list[list[float]]],
    session: Session,
    manifest: ModelManifest,
    least: float,
) -> Agreement:
    """Compare what the network `found` in some images (path to rows of left, top, right, bottom in
    pixels of the image, score, class) with the model's answer, both down to the score `least`.
    """
    boxes = twins = 0
    for path, rows in found.items():
        theirs = np.asarray(rows, np.float32).reshape(-1, 6)
        ours = in_image(Path(path), session, manifest)
        for one, other in ((theirs, ours), (ours, theirs)):
            sure = one[one[:, 4] >= least + ALIKE.score]
            boxes += len(sure)
            twins += int(have_twins(sure, other, ALIKE).sum())
    return Agreement(boxes, twins)


def in_image(path: Path, session: Session, manifest: ModelManifest) -> Boxes:
    """Return the model's boxes in an image, in pixels of the image, cut to it."""
    placed = place(read_image(path), manifest)
    rows = []
    for left, top, right, bottom, score, index in _boxes(session.run(placed.pixels)):
        box = placed.in_frame((float(left), float(top), float(right), float(bottom)))
        if box is not None and score > 0:
            rows.append((*box, score, index))
    return np.asarray(rows, np.float32).reshape(-1, 6)


def _boxes(answer: Answer) -> Boxes:
    return np.zeros((0, 6), np.float32) if answer.boxes is None else answer.boxes
