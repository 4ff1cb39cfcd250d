"""A recipe's gauges held against a frame that was judged, and what they make of its verdict."""

from dataclasses import dataclass
from time import perf_counter

from ..core.frame import Image
from ..core.inspection import Measurement
from ..core.recipe import Recipe
from ..decision.decide import Decision
from ..decision.gauges import Held, with_gauges
from ..measuring.measure import measure
from ..models.assess import Assessment


@dataclass(frozen=True, slots=True)
class Gauging:
    """The values of all gauges, the decision that counts them, and the time it took."""

    measurements: tuple[Measurement, ...]
    decision: Decision
    measure_ms: float


def gauged(image: Image | None, assessment: Assessment, recipe: Recipe) -> Gauging:
    """Measure `image`, uint8 (height, width, 3), BGR.

    A part that was not judged, or may lie elsewhere than was found, is not measured: it is a
    review as it is.
    """
    judgement = assessment.judgement
    if image is None or judgement is None or judgement.doubt is not None or not recipe.gauges:
        return Gauging((), assessment.decision, 0.0)
    start = perf_counter()
    found = measure(image, recipe.gauges, recipe.calibration, judgement.laid)
    held = [
        Held(each.gauge.name, each.measurements, each.gauge.near_limit, each.trouble)
        for each in found
    ]
    decision = with_gauges(assessment.decision, held)
    values = tuple(value for each in found for value in each.measurements)
    return Gauging(values, decision, (perf_counter() - start) * 1e3)
