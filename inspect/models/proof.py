"""The proof at load: the whole path, from image to findings, on the model's own references."""

import numpy as np

from ..core.errors import ModelError
from .answer import BOXES, Answer
from .box_agreement import Alike, boxes_agree
from .file import ModelFile
from .naming import Naming
from .placement import place
from .runtime import Session
from .tolerance import least_overlap_of, tolerance_of


def prove(file: ModelFile, session: Session) -> None:
    """Raise ModelError unless `session` answers every reference as recorded."""
    manifest = file.manifest
    if any(reference.threshold != manifest.threshold.value for reference in file.references):
        raise ModelError("its threshold is not the one its references were recorded at")
    naming = Naming.of(manifest)
    allowed = tolerance_of(session.runtime, manifest) * _scale(file)
    least, alike = manifest.threshold.value / 2, Alike(least_overlap_of(manifest), allowed)
    for number, reference in enumerate(file.references, 1):
        placed, expected = place(reference.image(), manifest), reference.expected()
        answer = session.run(placed.pixels)
        off = _difference(answer, expected, number)
        if not boxes_agree(answer.boxes, expected.boxes, least, alike):
            raise ModelError(f"its boxes in reference {number} are not those recorded")
        if not off <= allowed:
            raise ModelError(
                f"its answer to reference {number} is off by {off:.3g}, allowed is {allowed:.3g}"
            )
        if not reference.findings_agree(placed, naming):
            raise ModelError(f"its findings in reference {number} differ from those recorded")


def _difference(answer: Answer, expected: Answer, number: int) -> float:
    """Return the largest difference of any number of the two answers, but for boxes: one of low
    score may come and go.
    """
    got, wanted = answer.outputs(), expected.outputs()
    if {name: value.shape for name, value in got.items()} != {
        name: value.shape for name, value in wanted.items()
    }:
        raise ModelError(f"its answer to reference {number} has another form than recorded")
    return max(
        float(np.abs(got[name] - wanted[name]).max(initial=0)) for name in wanted if name != BOXES
    )


def _scale(file: ModelFile) -> float:
    """Return the threshold, or the highest recorded score where that is less."""
    highest = max(abs(reference.expected().score) for reference in file.references)
    return max(min(abs(file.manifest.threshold.value), highest), 1e-6)
