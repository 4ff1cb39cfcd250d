"""How far an answer may be from the one recorded, by what runs the model."""

from ..core.errors import ModelError

TOLERANCES = {"onnxruntime": 0.01}
"""Largest difference of a score or a cell, as a share of the model's threshold, or of the highest
recorded score where that is less. Processors and versions of a runtime differ by a thousandth; a
wrong colour order or resize by tenths."""


def tolerance_of(runtime: str) -> float:
    """Return the tolerance for a runtime by its name and version, as in `onnxruntime 1.32.0`.

    Raises ModelError for a runtime that nobody has looked at.
    """
    name = runtime.partition(" ")[0]
    if name not in TOLERANCES:
        raise ModelError(f"it was opened in {name}, for which no tolerance is known")
    return TOLERANCES[name]
