"""The proof at load: the whole path, from image to findings, on the model's own references."""

import numpy as np

from ..core.errors import ModelError
from .file import ModelFile
from .resize import RESIZE, to_input
from .runtime import Session

TOLERANCE = 0.01
"""Largest difference of a score or a cell, as a share of the model's threshold, or of the highest
recorded score where that is less. Processors and versions of the runtime differ by a thousandth;
a wrong colour order or resize by tenths."""


def prove(file: ModelFile, session: Session) -> None:
    """Raise ModelError unless `session` answers every reference as recorded."""
    manifest = file.manifest
    if manifest.resize != RESIZE:
        raise ModelError(f"it was taught with the resize '{manifest.resize}', not '{RESIZE}'")
    if any(reference.threshold != manifest.threshold.value for reference in file.references):
        raise ModelError("its threshold is not the one its references were recorded at")
    allowed = _allowed(file)
    for number, reference in enumerate(file.references, 1):
        pixels = to_input(reference.image(), manifest.input_width_px, manifest.input_height_px)
        score, anomaly_map = session.run(pixels)
        expected = reference.expected_map()
        if anomaly_map.shape != expected.shape:
            raise ModelError(f"its map of reference {number} has another size than recorded")
        off = max(abs(score - reference.score), float(np.abs(anomaly_map - expected).max()))
        if not off <= allowed:
            raise ModelError(
                f"its answer to reference {number} is off by {off:.3g}, allowed is {allowed:.3g}"
            )
        if not reference.findings_agree():
            raise ModelError(f"its findings in reference {number} differ from those recorded")


def _allowed(file: ModelFile) -> float:
    highest = max(abs(reference.score) for reference in file.references)
    return TOLERANCE * max(min(abs(file.manifest.threshold.value), highest), 1e-6)
