"""A circle in a picture: its diameter and its centre."""

from dataclasses import dataclass
from math import hypot, pi

import numpy as np

from ..core.gauge import CircleGauge, HolesGauge, Step
from .edges import picked
from .fit import circle_through
from .plane import Points
from .steps import steps_of
from .value import Value
from .view import View

FEWEST_SPOKES, MOST_SPOKES, ROWS = 24, 180, 3
SPOKE_PX = 4.0
TOLERANCE_PX = 1.0


@dataclass(frozen=True, slots=True)
class Ring:
    """Where a circle is sought: about `centre_px` in the frame, from one radius to another."""

    centre_px: Points
    from_px: float
    to_px: float
    step: Step


@dataclass(frozen=True, slots=True)
class Round:
    """A circle that was found, in the unit of the view; uncertainties are standard ones."""

    centre: Points
    diameter: Value
    place_uncertainty: float


def circle(view: View, gauge: CircleGauge) -> tuple[Value, Value | None]:
    """Return a circle's diameter, and how far its centre is off where that is asked for.

    Raises MeasuringError.
    """
    middle, reach = np.array(gauge.centre_px), gauge.radius_px + gauge.search_px
    around = middle + reach * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
    centre = view.in_frame(around)[0]
    inner = max(1.0, gauge.radius_px - gauge.search_px)
    found = round_in(view, Ring(centre, inner, reach, gauge.step), gauge)
    if gauge.place_within is None:
        return found.diameter, None
    return found.diameter, off_by(found, view.measured(centre[None])[0])


def off_by(found: Round, wanted: Points) -> Value:
    """Return how far a circle's centre is from where it should be."""
    return Value(float(np.linalg.norm(found.centre - wanted)), found.place_uncertainty)


def round_in(view: View, ring: Ring, gauge: CircleGauge | HolesGauge) -> Round:
    """Return the circle in a ring. Raises MeasuringError."""
    outer = 2 * pi * ring.to_px / SPOKE_PX
    spokes = int(np.clip(outer, FEWEST_SPOKES, MOST_SPOKES))
    turns = (np.arange(spokes * ROWS) + 0.5) / (spokes * ROWS) * 2 * pi
    ways = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    radii = ring.from_px + np.arange(int(ring.to_px - ring.from_px) + 1)
    grid = ring.centre_px + ways[:, None] * radii[None, :, None]
    profiles = view.greys_at(grid).reshape(spokes, ROWS, len(radii)).mean(axis=1)
    steps = steps_of(profiles, ring.step)
    which, there = picked(steps, "strongest", gauge.strength, gauge.contrast)
    at = ring.from_px + steps.at_px[there, which[there]]
    blur = float(np.median(steps.blur_px[there, which[there]]))
    # Blurred, the steepest place of a curved edge lies inward by blur^2 / 2r (Verbeek and van
    # Vliet, "On the location error of curved edges in low-pass filtered images", 1994).
    at = at + blur**2 / (2 * np.maximum(at, 2 * blur + 1))
    places = ring.centre_px + at[:, None] * ways.reshape(spokes, ROWS, 2)[there, ROWS // 2]
    fitted = circle_through(view.measured(places), TOLERANCE_PX * view.pixel)
    scatter = fitted.scatter / fitted.points**0.5
    diameter, own = 2 * fitted.radius, view.place_uncertainty()
    length = hypot(2 * scatter, 2**0.5 * own, view.scale_uncertainty(diameter))
    return Round(fitted.centre, Value(diameter, length), hypot(2**0.5 * scatter, own))
