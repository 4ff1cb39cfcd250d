"""Where a recipe's gauges look, drawn into a picture."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from ..core.frame import Image
from ..core.gauge import AngleGauge, CircleGauge, DistanceGauge, Gauge, PlacePx, Stripe
from ..core.judgement import Laid
from .plane import Points

COLOUR = (0, 140, 255)


def drawn(image: Image, gauges: Iterable[Gauge], laid: Laid | None) -> bytes:
    """Return `image` with the places of gauges as PNG; nothing else is changed in it."""
    picture = image.copy()
    for gauge in gauges:
        for outline in _outlines(gauge):
            places = outline if laid is None else outline @ laid[:, :2].T + laid[:, 2]
            corners = np.rint(places - 0.5).astype(np.int32)
            cv2.polylines(picture, [corners], isClosed=True, color=COLOUR)
            at = (int(corners[0, 0]), int(corners[0, 1]) - 3)
            cv2.putText(picture, gauge.name, at, cv2.FONT_HERSHEY_PLAIN, 0.9, COLOUR)
    return cv2.imencode(".png", picture)[1].tobytes()


def _outlines(gauge: Gauge) -> Iterator[Points]:
    """Give the outlines of a gauge's places, (corners, 2)."""
    if isinstance(gauge, DistanceGauge):
        yield _around(gauge.stripe)
    elif isinstance(gauge, AngleGauge):
        yield from (_around(gauge.first), _around(gauge.second))
    elif isinstance(gauge, CircleGauge):
        for radius in (gauge.radius_px - gauge.search_px, gauge.radius_px + gauge.search_px):
            yield _ring(gauge.centre_px, max(1.0, radius))
    else:
        left, top, right, bottom = gauge.box_px
        yield np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def _around(stripe: Stripe) -> Points:
    ends = np.array([stripe.from_px, stripe.to_px], np.float64)
    onward = (ends[1] - ends[0]) / stripe.length_px
    half = np.array([-onward[1], onward[0]]) * stripe.width_px / 2
    return np.stack([ends[0] - half, ends[1] - half, ends[1] + half, ends[0] + half])


def _ring(centre: PlacePx, radius: float) -> Points:
    turns = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    return np.array(centre) + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
