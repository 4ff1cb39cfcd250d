"""How exactly gauges measure targets of known size, and what each costs.

python -m benchmarks.measuring.accuracy
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from targets import Look, Shape, band, corner, disc, picture

from edgeinspect.core.gauge import AngleGauge, CircleGauge, DistanceGauge, Gauge, HolesGauge, Stripe
from edgeinspect.measuring.measure import measure

LOOKS = {
    "usual": Look(),
    "quiet": Look(noise=1.0),
    "noisy": Look(noise=4.0),
    "soft lens": Look(blur_px=2.0),
    "sharp lens": Look(blur_px=0.6),
    "low contrast": Look(shape=120.0, ground=160.0),
    "bright on dark": Look(shape=210.0, ground=40.0),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A target, the gauge on it, and the values that it has."""

    gauge: Gauge
    shape: Shape
    truth: tuple[float, ...]


def distances(draws: int) -> Iterator[Trial]:
    chance = np.random.default_rng(1)
    for _ in range(draws):
        width, turn = chance.uniform(30, 90), chance.uniform(-8, 8)
        x, y = 100 + chance.uniform(-2, 2), 80 + chance.uniform(-2, 2)
        stripe = Stripe(from_px=(20, 80), to_px=(180, 80), width_px=40)
        gauge = DistanceGauge(name="width", stripe=stripe, unit="px")
        yield Trial(gauge, band((x, y), width, turn), (width,))


def angles(draws: int) -> Iterator[Trial]:
    chance = np.random.default_rng(2)
    for _ in range(draws):
        size, turn = chance.uniform(40, 140), chance.uniform(-4, 4)
        at = 60 + chance.uniform(-2, 2), 80 + chance.uniform(-2, 2)
        first, second = turn - size / 2, turn + size / 2
        gauge = AngleGauge(
            name="corner",
            first=_across(at, -size / 2),
            second=_across(at, size / 2),
        )
        yield Trial(gauge, corner(at, first, second), (size,))


def _across(at: tuple[float, float], ray_deg: float) -> Stripe:
    """Return a stripe against the clock: out of the part at its first ray, in at the second."""
    ray = np.radians(ray_deg)
    middle = np.array(at) + 45 * np.array([np.cos(ray), np.sin(ray)])
    square = np.array([np.sin(ray), -np.cos(ray)])
    begin, end = middle - 15 * square, middle + 15 * square
    return Stripe(from_px=tuple(begin.tolist()), to_px=tuple(end.tolist()), width_px=60)


def circles(draws: int) -> Iterator[Trial]:
    chance = np.random.default_rng(3)
    for _ in range(draws):
        diameter = chance.uniform(20, 110)
        x, y = 100 + chance.uniform(-2, 2), 80 + chance.uniform(-2, 2)
        gauge = CircleGauge(
            name="bore",
            centre_px=(100, 80),
            radius_px=diameter / 2,
            search_px=max(6.0, diameter / 8),
            place_within=5.0,
            unit="px",
        )
        yield Trial(gauge, disc((x, y, diameter)), (diameter, float(np.hypot(x - 100, y - 80))))


def rows_of_holes(draws: int) -> Iterator[Trial]:
    chance = np.random.default_rng(4)
    for _ in range(draws):
        x, y = chance.uniform(-2, 2, 2)
        places = [(50 + 50 * column, 50 + 60 * row) for row in range(2) for column in range(3)]
        gauge = HolesGauge(
            name="holes",
            box_px=(10, 10, 190, 150),
            least_px=14,
            most_px=30,
            places_px=tuple(places),
            place_within=5.0,
            unit="px",
        )
        shape = disc(*((px + x, py + y, 20.0) for px, py in places))
        yield Trial(gauge, shape, (6.0, float(np.hypot(x, y))))


SETS = {
    "distance": distances,
    "circle": circles,
    "holes": rows_of_holes,
    "angle": angles,
}


@dataclass(frozen=True, slots=True)
class Row:
    """Errors of one value of one gauge: rms, bias and worst, the share within the stated
    uncertainty, how often nothing was measured, and the median time.
    """

    rms: float
    bias: float
    worst: float
    covered: float
    unmeasured: int
    ms: float


def errors_of(kind: str, look: Look, draws: int) -> dict[str, Row]:
    """Measure `draws` targets; return the errors by the end of each value's name."""
    dark = look.shape < look.ground
    off: dict[str, list[tuple[float, float]]] = {}
    spent, unmeasured = [], 0
    for number, trial in enumerate(SETS[kind](draws)):
        gauge = trial.gauge
        if isinstance(gauge, HolesGauge):
            gauge = gauge.model_copy(update={"dark": dark})
        image = picture(trial.shape, look, seed=number)
        start = perf_counter()
        (found,) = measure(image, (gauge,), None)
        spent.append((perf_counter() - start) * 1e3)
        unmeasured += found.trouble is not None
        for value, truth in zip(found.measurements, trial.truth, strict=False):
            end = value.name.partition(".")[2]
            off.setdefault(end, []).append((value.value - truth, value.uncertainty or 0.0))
    return {end: _row(each, unmeasured, float(np.median(spent))) for end, each in off.items()}


def _row(pairs: list[tuple[float, float]], unmeasured: int, ms: float) -> Row:
    errors, stated = np.array(pairs).T
    return Row(
        float(np.sqrt((errors**2).mean())),
        float(errors.mean()),
        float(np.abs(errors).max()),
        float((np.abs(errors) <= stated).mean()),
        unmeasured,
        ms,
    )


def main() -> None:
    """Print the table."""
    print("| value | picture | rms | bias | worst | within stated | unmeasured | ms |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in SETS:
        for name, look in LOOKS.items():
            for end, row in errors_of(kind, look, 40).items():
                cells = f"{row.rms:.3f} | {row.bias:+.3f} | {row.worst:.3f} | {row.covered:.0%}"
                what = f"{kind}, {end}" if end else kind
                print(f"| {what} | {name} | {cells} | {row.unmeasured} | {row.ms:.1f} |")


if __name__ == "__main__":
    main()
