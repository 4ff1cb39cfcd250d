"""Gauges on straight edges: a distance, and an angle."""

from math import acos, degrees, hypot

import numpy as np
from numpy.typing import NDArray

from ..core.errors import MeasuringError
from ..core.gauge import AngleGauge, DistanceGauge, Step, Stripe
from .edges import crossed, edge_points
from .fit import Line, line_through
from .value import Value
from .view import View

TOLERANCE_PX = 1.0
"""A point farther from an edge's line is none of it."""


def distance(view: View, gauge: DistanceGauge) -> Value:
    """Return the distance of two edges, square to them. Raises MeasuringError."""
    crossing = crossed(view, gauge.stripe)
    tolerance = TOLERANCE_PX * view.pixel
    places = (
        edge_points(crossing, gauge.first_step, "first", gauge),
        edge_points(crossing, gauge.last_step, "last", gauge),
    )
    if np.linalg.norm(places[0].mean(axis=0) - places[1].mean(axis=0)) < 2:
        raise MeasuringError("only one edge is there")
    one, other = (line_through(view.measured(each), tolerance) for each in places)
    along = _as(one.direction, other.direction) + other.direction
    square = np.array([-along[1], along[0]]) / np.linalg.norm(along)
    length = abs(float((other.middle - one.middle) @ square))
    edges = hypot(*(_of_place(view, line) for line in (one, other)))
    return Value(length, hypot(edges, view.scale_uncertainty(length)))


def angle(view: View, gauge: AngleGauge) -> Value:
    """Return the angle of two edges in degrees, 0 to 180. Raises MeasuringError.

    It is that between the ways across them, the first taken out of the part, the second into it.
    """
    ends = (gauge.first, gauge.first_step), (gauge.second, gauge.second_step)
    found = tuple(_edge(view, stripe, step, gauge) for stripe, step in ends)
    (one, onward), (other, inward) = found
    across = _as(_square(one.direction), onward), _as(_square(other.direction), inward)
    cosine = float(np.clip(across[0] @ across[1], -1, 1))
    turns = hypot(*(_of_turn(view, line) for line in (one, other)))
    return Value(degrees(acos(cosine)), degrees(turns))


def _edge(
    view: View, stripe: Stripe, step: Step, gauge: AngleGauge
) -> tuple[Line, NDArray[np.float64]]:
    """Return an edge, and the way its stripe takes across it."""
    crossing = crossed(view, stripe)
    points = edge_points(crossing, step, "strongest", gauge)
    line = line_through(view.measured(points), TOLERANCE_PX * view.pixel)
    middle = points.mean(axis=0)
    ahead = view.measured(np.stack([middle, middle + crossing.onward]))
    return line, ahead[1] - ahead[0]


def _of_place(view: View, line: Line) -> float:
    return hypot(line.scatter / line.points**0.5, view.place_uncertainty())


def _of_turn(view: View, line: Line) -> float:
    """Return the standard uncertainty of a line's direction in radians."""
    return hypot(line.scatter, view.place_uncertainty()) / max(line.spread, 1e-9)


def _square(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([-direction[1], direction[0]])


def _as(direction: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a direction, turned about where it points away from `other`."""
    return direction if direction @ other >= 0 else -direction
