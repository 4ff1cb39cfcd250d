"""What a gauge found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its standard uncertainty, in the unit it was asked for."""

    value: float
    uncertainty: float
