"""What the loop tells the gate, and which gate a station has."""

import logging
from typing import Protocol

from ...core.actuator import ActuatorPlace, parse_actuator
from ...core.errors import SettingsError
from ...core.health import GateHealth
from ...core.recipe import Recipe
from ...core.verdict import Purpose, Verdict
from ...settings.tree import StationSettings
from ..announcer import Announcer
from .guard import Watch
from .keeper import Keeper

NEVER_MOVES = (Purpose.COMMISSIONING, Purpose.REPLAY)
"""Purposes for which parts are judged and recorded, and nothing is moved."""

_log = logging.getLogger(__name__)


class Gate(Protocol):
    """What happens to parts behind the camera; every call returns at once, except `close`."""

    def open(self) -> None:
        """Let parts through from now on."""
        ...

    def foresee(self, captured_s: float, part: int | None) -> int | None:
        """Take note of a part that is, or will be, captured at `captured_s` (monotonic).

        Returns its number, by which its time can be corrected. From any thread, also before `open`.
        """
        ...

    def expect(self, captured_s: float, part: int | None) -> int:
        """Take note that the part is judged now; one nobody foresaw gets its number."""
        ...

    def act(self, part: int, verdict: Verdict) -> None:
        """Take note of its verdict."""
        ...

    def health(self) -> GateHealth | None:
        """Return how the gate is; None where there is none."""
        ...

    def close(self) -> None:
        """Let nothing more through; may be called twice."""
        ...


class NoGate:
    """The station only watches: nothing is moved."""

    def open(self) -> None:
        """Move nothing."""

    def foresee(self, captured_s: float, part: int | None) -> None:
        """Move nothing."""

    def expect(self, captured_s: float, part: int | None) -> int:  # noqa: ARG002
        """Move nothing."""
        return 0

    def act(self, part: int, verdict: Verdict) -> None:
        """Move nothing."""

    def health(self) -> None:
        """Know of nothing."""

    def close(self) -> None:
        """Close nothing."""


def gate_of(own: StationSettings, recipe: Recipe, announcer: Announcer) -> Gate:
    """Return the gate that the settings name, not open yet.

    Raises SettingsError when the recipe does not say when parts are at it.
    """
    place = parse_actuator(own.actuator)
    if place is None:
        return NoGate()
    if own.purpose in NEVER_MOVES:
        _log.warning("the purpose is %s: %s is not moved", own.purpose, own.actuator)
        return NoGate()
    if recipe.gate.delay_ms is None:
        raise SettingsError(
            f"recipe {recipe.name} does not say when a part is at the gate {own.actuator}; "
            "set delay_ms in its [gate]."
        )
    return Keeper(
        _watch(place, recipe, own.watchdog_s),
        recipe.gate.delay_ms / 1e3,
        frozenset(recipe.gate.rejects),
        lambda: announcer.holds_gate,
        announcer.mind_gate,
    )


def _watch(place: ActuatorPlace, recipe: Recipe, watchdog_s: float) -> Watch:
    return Watch(
        place.kind,
        place.options,
        hold_s=recipe.gate.hold_ms / 1e3,
        rests_open=recipe.gate.rests == "open",
        watchdog_s=watchdog_s,
    )
