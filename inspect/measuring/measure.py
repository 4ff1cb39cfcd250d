"""A recipe's gauges, held against one picture."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..core.calibration import Calibration
from ..core.errors import MeasuringError
from ..core.frame import Image
from ..core.gauge import AngleGauge, CircleGauge, DistanceGauge, Gauge, HolesGauge
from ..core.inspection import Measurement
from ..core.judgement import Laid
from .circle import circle
from .holes import holes
from .straight import angle, distance
from .value import Value
from .view import View

COVERAGE = 2.0
"""Expanded uncertainty over standard uncertainty: about 95 %."""


@dataclass(frozen=True, slots=True)
class Gauged:
    """What one gauge found in a picture; `trouble` says in words why it found nothing."""

    gauge: Gauge
    measurements: tuple[Measurement, ...]
    trouble: str | None = None


def measure(
    image: Image,
    gauges: tuple[Gauge, ...],
    calibration: Calibration | None,
    laid: Laid | None = None,
) -> tuple[Gauged, ...]:
    """Return what every gauge finds in `image`, uint8 (height, width, 3), BGR.

    `laid` is where the part lies that places of gauges are told on; None for places in the frame.
    """
    if not gauges:
        return ()
    height, width = image.shape[:2]
    if calibration is not None and not calibration.holds_for(width, height):
        said = (
            f"the frame is {width}x{height}, the calibration is for "
            f"{calibration.width_px}x{calibration.height_px}"
        )
        return tuple(Gauged(gauge, (), said) for gauge in gauges)
    view = View.of(image, laid, calibration)
    return tuple(_gauged(view, gauge) for gauge in gauges)


def _gauged(view: View, gauge: Gauge) -> Gauged:
    try:
        return Gauged(gauge, tuple(_values(view, gauge)))
    except MeasuringError as error:
        return Gauged(gauge, (), str(error))


def _values(view: View, gauge: Gauge) -> Iterator[Measurement]:
    if isinstance(gauge, AngleGauge):
        yield _of(gauge, angle(view, gauge), "deg")
        return
    view = view.in_unit(gauge.unit)
    if isinstance(gauge, DistanceGauge):
        yield _of(gauge, distance(view, gauge), gauge.unit)
    elif isinstance(gauge, CircleGauge):
        diameter, off = circle(view, gauge)
        yield _of(gauge, diameter, gauge.unit)
        yield from _off(gauge, off)
    else:
        count, off = holes(view, gauge)
        yield _of(gauge, count, "1")
        yield from _off(gauge, off)


def _of(gauge: Gauge, found: Value, unit: str) -> Measurement:
    own = gauge.uncertainty
    expanded = COVERAGE * found.uncertainty if own is None else own
    if unit == "1":  # a count is what it is
        expanded = 0.0
    return Measurement(
        name=gauge.name,
        value=found.value,
        unit=unit,
        low=gauge.low,
        high=gauge.high,
        uncertainty=expanded,
    )


def _off(gauge: CircleGauge | HolesGauge, off: Value | None) -> Iterator[Measurement]:
    if off is not None:
        yield Measurement(
            name=f"{gauge.name}.place",
            value=off.value,
            unit=gauge.unit,
            high=gauge.place_within,
            uncertainty=COVERAGE * off.uncertainty,
        )
