"""How far an answer may be from the one recorded, by what runs the model."""

from ..core.errors import ModelError
from ..core.manifest import ModelManifest

TOLERANCES = {"onnxruntime": 0.01, "openvino": 0.01}
"""Largest difference of a score or a cell, as a share of the model's threshold, or of the highest
recorded score where that is less. Processors and versions of a runtime differ by a thousandth; a
wrong colour order or resize by tenths."""
QUANTISED = 0.1
"""For models in 8 bits: where sums lie between two steps, each runtime and processor rounds its
own way, and what follows builds on that. Cells were seen to differ by up to 0.05."""

OVERLAP, OVERLAP_QUANTISED = 0.98, 0.8
"""Least intersection over union of a box with the one recorded: runtimes differ by less than a
tenth of a pixel, in 8 bits by some."""


def least_overlap_of(manifest: ModelManifest) -> float:
    """Return how much a box must overlap the one recorded, 0 to 1."""
    return OVERLAP if manifest.quantised is None else OVERLAP_QUANTISED


def tolerance_of(runtime: str, manifest: ModelManifest) -> float:
    """Return the tolerance for a model in a runtime, by name and version: `onnxruntime 1.32.0`.

    Raises ModelError for a runtime that nobody has looked at.
    """
    name = runtime.partition(" ")[0]
    if name not in TOLERANCES:
        raise ModelError(f"it was opened in {name}, for which no tolerance is known")
    return TOLERANCES[name] if manifest.quantised is None else QUANTISED
