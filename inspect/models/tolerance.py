"""How far an answer may be from the one recorded, by what runs the model."""

from ..core.errors import ModelError
from ..core.manifest import ModelManifest

TOLERANCES = {"onnxruntime": 0.01, "openvino": 0.01}
"""Largest difference of a score or a cell, as a share of the model's threshold, or of the highest
recorded score where that is less. Processors and versions of a runtime differ by a thousandth; a
wrong colour order or resize by tenths."""
QUANTISED = 0.2
"""For models in 8 bits: where sums lie between two steps, each runtime and processor rounds its
own way, and what follows builds on that. Cells were seen to differ by up to 0.13."""


def tolerance_of(runtime: str, manifest: ModelManifest) -> float:
    """Return the tolerance for a model in a runtime, by name and version: `onnxruntime 1.32.0`.

    Raises ModelError for a runtime that nobody has looked at.
    """
    name = runtime.partition(" ")[0]
    if name not in TOLERANCES:
        raise ModelError(f"it was opened in {name}, for which no tolerance is known")
    return TOLERANCES[name] if manifest.quantised is None else QUANTISED
