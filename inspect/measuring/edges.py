"""The points of an edge that a stripe of the picture crosses."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..core.errors import MeasuringError
from ..core.gauge import Gauge, Step, Stripe
from .plane import Points
from .steps import Steps, steps_of
from .view import View

ROWS_IN_STRIP = 4
FEWEST_STRIPS, MOST_STRIPS = 3, 32
Pick = Literal["first", "last", "strongest"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a stripe was read: `profiles` (strips, samples), the place of each strip's first
    sample in the frame, (strips, 2), and the way from one sample to the next, (2,).
    """

    profiles: NDArray[np.float32]
    starts_px: Points
    onward: NDArray[np.float64]


def crossed(view: View, stripe: Stripe) -> Crossing:
    """Read a stripe, in strips beside each other. Raises MeasuringError outside the frame."""
    ends = np.array([stripe.from_px, stripe.to_px], np.float64)
    onward = (ends[1] - ends[0]) / stripe.length_px
    across = np.array([-onward[1], onward[0]])
    half = across * stripe.width_px / 2
    corners = view.in_frame(np.concatenate([ends - half, ends + half]))
    begin, end = (corners[:2] + corners[2:]) / 2
    count = int(np.linalg.norm(end - begin)) + 1
    onward = (end - begin) / np.linalg.norm(end - begin)
    across = np.array([-onward[1], onward[0]])
    strips = int(np.clip(stripe.width_px // ROWS_IN_STRIP, FEWEST_STRIPS, MOST_STRIPS))
    rows = max(1, min(64, round(stripe.width_px / strips)))
    total = strips * rows
    sideways = ((np.arange(total) + 0.5) / total - 0.5) * stripe.width_px
    starts = begin + sideways[:, None] * across
    grid = starts[:, None] + np.arange(count)[None, :, None] * onward
    profiles = view.greys_at(grid).reshape(strips, rows, count).mean(axis=1)
    return Crossing(profiles, starts.reshape(strips, rows, 2).mean(axis=1), onward)


def edge_points(crossing: Crossing, wanted: Step, pick: Pick, gauge: Gauge) -> Points:
    """Return the points of one edge in the frame, one for each strip that shows it.

    Raises MeasuringError when fewer than 60 % of the strips do, or it is saturated.
    """
    steps = steps_of(crossing.profiles, wanted)
    which, there = picked(steps, pick, gauge.strength, gauge.contrast)
    at = steps.at_px[there, which[there]]
    return np.asarray(crossing.starts_px[there] + at[:, None] * crossing.onward)


def picked(
    steps: Steps, pick: Pick, strength: float, contrast: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return which sample of each profile is its edge, and which profiles have one.

    Raises MeasuringError when fewer than 60 % have, or most of those are saturated.
    """
    strongest = steps.height.max(axis=1, keepdims=True)
    # A strip through dirt or a glare has its own strongest; the usual one is the measure.
    least = np.maximum(strength * np.minimum(strongest, np.median(strongest)), contrast)
    good = steps.height >= least
    there = good.any(axis=1)
    if there.mean() < 0.6:
        raise MeasuringError(
            f"no edge of {contrast:g} grey levels or more is there "
            f"in {1 - there.mean():.0%} of its place"
        )
    last = good.shape[1] - 1 - good[:, ::-1].argmax(axis=1)
    which = {
        "first": good.argmax(axis=1),
        "last": last,
        "strongest": np.where(good, steps.height, 0).argmax(axis=1),
    }[pick]
    white = steps.white[np.arange(len(which)), which][there]
    if white.mean() > 0.5:
        raise MeasuringError("its bright side is saturated; lower exposure or light")
    return which, there
