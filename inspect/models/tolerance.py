"""How far an answer may be from the one recorded, by what runs the model."""

from dataclasses import dataclass

from ..core.errors import ModelError
from ..core.manifest import ModelManifest


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Largest differences of the score, of any cell of a map, and of a map's cells in all (root
    mean square), as shares of the model's threshold, or of the highest recorded score where that
    is less.
    """

    score: float
    cell: float
    cells: float


TOLERANCES = {
    "onnxruntime": Tolerance(score=0.01, cell=0.01, cells=0.01),
    "openvino": Tolerance(score=0.01, cell=0.01, cells=0.01),
}
"""Processors and versions of a runtime differ by a thousandth; a wrong colour order or resize by
tenths."""
QUANTISED = Tolerance(score=0.1, cell=0.2, cells=0.05)
"""For models in 8 bits: where sums lie between two steps, each runtime and processor rounds its
own way, and what follows builds on that. Onnxruntime and OpenVINO were seen to differ by up to
0.04, 0.1 and 0.03 (docs/models/runtimes.md)."""

OVERLAP, OVERLAP_QUANTISED = 0.98, 0.8
"""Least intersection over union of a box with the one recorded: runtimes differ by less than a
tenth of a pixel, in 8 bits by some."""


def least_overlap_of(manifest: ModelManifest) -> float:
    """Return how much a box must overlap the one recorded, 0 to 1."""
    return OVERLAP if manifest.quantised is None else OVERLAP_QUANTISED


def tolerance_of(runtime: str, manifest: ModelManifest) -> Tolerance:
    """Return the tolerance for a model in a runtime, by name and version: `onnxruntime 1.32.0`.

    Raises ModelError for a runtime that nobody has looked at.
    """
    name = runtime.partition(" ")[0]
    if name not in TOLERANCES:
        raise ModelError(f"it was opened in {name}, for which no tolerance is known")
    return TOLERANCES[name] if manifest.quantised is None else QUANTISED
