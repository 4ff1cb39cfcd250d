"""The proof at load: the whole path, from image to findings, on the model's own references."""

from collections.abc import Iterator

import numpy as np

from ..core.errors import ModelError
from .answer import ANOMALY_MAP, CLASS_MAP, Answer
from .box_agreement import Alike, boxes_agree
from .file import ModelFile
from .naming import Naming
from .placement import place
from .runtime import Session
from .tolerance import Tolerance, least_overlap_of, tolerance_of

MAPS = {ANOMALY_MAP, CLASS_MAP}


def prove(file: ModelFile, session: Session) -> None:
    """Raise ModelError unless `session` answers every reference as recorded."""
    manifest = file.manifest
    if any(reference.threshold != manifest.threshold.value for reference in file.references):
        raise ModelError("its threshold is not the one its references were recorded at")
    naming = Naming.of(manifest)
    allowed, scale = tolerance_of(session.runtime, manifest), _scale(file)
    least = manifest.threshold.value / 2
    alike = Alike(least_overlap_of(manifest), allowed.score * scale)
    for number, reference in enumerate(file.references, 1):
        placed, expected = place(reference.image(), manifest), reference.expected()
        answer = session.run(placed.pixels)
        _check_form(answer, expected, number)
        if not boxes_agree(answer.boxes, expected.boxes, least, alike):
            raise ModelError(f"its boxes in reference {number} are not those recorded")
        for off, most in _differences(answer, expected, allowed):
            if not off <= most * scale:
                raise ModelError(
                    f"its answer to reference {number} is off by {off:.3g}, "
                    f"allowed is {most * scale:.3g}"
                )
        if not reference.findings_agree(placed, naming):
            raise ModelError(f"its findings in reference {number} differ from those recorded")


def _check_form(answer: Answer, expected: Answer, number: int) -> None:
    """Raise ModelError unless both say as much of the same things."""
    forms = [
        {name: value.shape for name, value in said.outputs().items()} for said in (answer, expected)
    ]
    if forms[0] != forms[1]:
        raise ModelError(f"its answer to reference {number} has another form than recorded")


def _differences(
    answer: Answer, expected: Answer, allowed: Tolerance
) -> Iterator[tuple[float, float]]:
    """Return how far the scores and the maps lie apart, each beside what is allowed of it.

    Boxes are compared elsewhere: one of low score may be another.
    """
    yield abs(answer.score - expected.score), allowed.score
    got, wanted = answer.outputs(), expected.outputs()
    for name in wanted.keys() & MAPS:
        apart = np.abs(got[name] - wanted[name])
        yield float(apart.max(initial=0)), allowed.cell
        yield float(np.sqrt(np.square(apart).mean())) if apart.size else 0.0, allowed.cells


def _scale(file: ModelFile) -> float:
    """Return the threshold, or the highest recorded score where that is less."""
    highest = max(abs(reference.expected().score) for reference in file.references)
    return max(min(abs(file.manifest.threshold.value), highest), 1e-6)
