"""What `edgeinspect gauge` says of pictures: each value, and how it repeats."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, stdev
from typing import Any, Self

from ..core.inspection import Measurement
from ..core.reason import ReasonCode
from ..decision.gauges import standing
from ..measuring.measure import Gauged

_WORDS = {
    None: "within",
    ReasonCode.GAUGE_NEAR_LIMIT: "near a limit",
    ReasonCode.GAUGE_OUT_OF_LIMITS: "OUT",
}
_COLUMNS = ("picture", "name", "value", "uncertainty", "unit", "low", "high", "standing")


@dataclass(frozen=True, slots=True)
class GaugedPicture:
    """The values of a picture, and by name why others are missing."""

    picture: str
    values: tuple[Measurement, ...]
    missing: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, picture: str, found: Sequence[Gauged], doubt: str | None) -> Self:
        """Return what was found in a picture; with a doubt nothing was."""
        values = tuple(value for each in found for value in each.measurements)
        missing = tuple((each.gauge.name, each.trouble) for each in found if each.trouble)
        return cls(picture, values, (("all", doubt),) if doubt else missing)

    def document(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "picture": self.picture,
            "values": [value.model_dump() | {"standing": _word(value)} for value in self.values],
            "missing": [{"name": name, "why": why} for name, why in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Repeated:
    """A value over several pictures; `deviation` is the standard deviation, None of one picture."""

    name: str
    unit: str
    pictures: int
    mean: float
    deviation: float | None
    least: float
    most: float

    def document(self) -> dict[str, Any]:
        """Return it for a program."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TriedGauges:
    """What gauges found in pictures, and how each value repeats over them."""

    pictures: tuple[GaugedPicture, ...]
    values: tuple[Repeated, ...]

    def document(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "pictures": [each.document() for each in self.pictures],
            "values": [each.document() for each in self.values],
        }


def repeated(pictures: Iterable[GaugedPicture]) -> tuple[Repeated, ...]:
    """Return each value over all pictures that have it."""
    found: dict[tuple[str, str], list[float]] = {}
    for picture in pictures:
        for value in picture.values:
            found.setdefault((value.name, value.unit), []).append(value.value)
    return tuple(
        Repeated(
            name,
            unit,
            len(values),
            fmean(values),
            stdev(values) if len(values) > 1 else None,
            min(values),
            max(values),
        )
        for (name, unit), values in found.items()
    )


def picture_lines(pictures: Iterable[GaugedPicture]) -> Iterator[str]:
    """Give a line for each value, and for each that is missing."""
    for picture in pictures:
        for value in picture.values:
            sure = f" ± {value.uncertainty:.2g}" if value.uncertainty else ""
            yield (
                f"{picture.picture}  {value.name} {value.value:.6g}{sure} {value.unit}"
                f"{_limits(value)}  {_word(value)}"
            )
        for name, why in picture.missing:
            yield f"{picture.picture}  {name} cannot be measured: {why}"


def repeated_lines(values: Iterable[Repeated]) -> Iterator[str]:
    """Give a line for each value that several pictures have."""
    for each in values:
        if each.deviation is not None:
            yield (
                f"{each.name}: mean {each.mean:.6g} {each.unit} of {each.pictures} pictures, "
                f"standard deviation {each.deviation:.3g}, {each.least:.6g} to {each.most:.6g}"
            )


def csv_of(pictures: Iterable[GaugedPicture]) -> str:
    """Return all values as CSV, a row each."""
    sheet = io.StringIO()
    rows = csv.writer(sheet)
    rows.writerow(_COLUMNS)
    for picture in pictures:
        for v in picture.values:
            row = (picture.picture, v.name, v.value, v.uncertainty, v.unit, v.low, v.high)
            rows.writerow((*row, _word(v)))
        for name, why in picture.missing:
            rows.writerow((picture.picture, name, None, None, None, None, None, why))
    return sheet.getvalue()


def _limits(value: Measurement) -> str:
    if value.low is None and value.high is None:
        return ""
    low = "any" if value.low is None else f"{value.low:.6g}"
    high = "any" if value.high is None else f"{value.high:.6g}"
    return f"  ({low} to {high})"


def _word(value: Measurement) -> str:
    return _WORDS[standing(value)]
