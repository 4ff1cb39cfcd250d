"""What the loop tells the gate, and which gate a station has."""

import logging
from concurrent.futures import Future
from dataclasses import asdict
from typing import Any, Protocol

from ...core.actuator import parse_actuator
from ...core.encoder import parse_encoder
from ...core.errors import SettingsError
from ...core.health import GateHealth
from ...core.recipe import GateTiming, Recipe
from ...core.verdict import Purpose, Verdict
from ...core.views import joins_views
from ...settings.station import StationSettings
from ...settings.tree import Settings
from ..announcer import Announcer
from .guard import Watch
from .keeper import Keeper
from .place import output_place

NEVER_MOVES = (Purpose.COMMISSIONING, Purpose.REPLAY)
"""Purposes for which parts are judged and recorded, and nothing is moved."""

_log = logging.getLogger(__name__)


class Gate(Protocol):
    """What happens to parts behind the camera; all but `act` and `close` return at once."""

    def open(self) -> None:
        """Let parts through from now on."""
        ...

    def rest(self, timing: GateTiming) -> None:
        """Stand as `timing` says while no part is at it; parts foreseen from now on go by it."""
        ...

    def foresee(self, captured_s: float, part: int | None) -> int | None:
        """Take note of a part that is, or will be, captured at `captured_s` (monotonic).

        Returns its number, by which its time can be corrected. From any thread, also before `open`.
        """
        ...

    def expect(self, captured_s: float, part: int | None, timing: GateTiming) -> int:
        """Take note that the part is judged now; one nobody foresaw gets its number."""
        ...

    def act(self, part: int, verdict: Verdict, timing: GateTiming, written: Future[bytes]) -> None:
        """Take note of its verdict; `written` is done when that is on the disk."""
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

    def rest(self, timing: GateTiming) -> None:
        """Move nothing."""

    def foresee(self, captured_s: float, part: int | None) -> None:
        """Move nothing."""

    def expect(self, captured_s: float, part: int | None, timing: GateTiming) -> int:  # noqa: ARG002
        """Move nothing."""
        return 0

    def act(self, part: int, verdict: Verdict, timing: GateTiming, written: Future[bytes]) -> None:
        """Move nothing."""

    def health(self) -> None:
        """Know of nothing."""

    def close(self) -> None:
        """Close nothing."""


def gate_of(settings: Settings, recipe: Recipe, announcer: Announcer) -> Gate:
    """Return the gate that the settings name, not open yet.

    Raises SettingsError when the recipe does not say when parts are at it.
    """
    own, place = settings.station, output_place(settings)
    if place is None:
        return NoGate()
    if own.purpose in NEVER_MOVES:
        _log.warning("the purpose is %s: %s is not moved", own.purpose, own.actuator)
        return NoGate()
    check_timed(own, recipe)
    return Keeper(
        Watch(
            place.kind,
            place.options,
            rests_open=recipe.gate.rests == "open",
            watchdog_s=own.watchdog_s,
            encoder=_encoder(own) if recipe.gate.by_count else None,
        ),
        recipe.gate,
        lambda: announcer.holds_gate,
        announcer.mind_gate,
    )


def check_timed(own: StationSettings, recipe: Recipe) -> None:
    """Raise SettingsError when a gate is moved and `recipe` does not say when, or not usably.

    The gate of a station that joins views opens for a part that all have passed, and for nothing
    else: it knows of a part by what others say, and they may say nothing.
    """
    if not _moves(own):
        return
    if not recipe.gate.is_timed:
        raise SettingsError(
            f"recipe {recipe.name} does not say when a part is at the gate {own.actuator}; "
            "set delay_ms in its [gate], or delay_counts where station.encoder names an encoder."
        )
    if recipe.gate.by_count and own.encoder is None:
        raise SettingsError(
            f"recipe {recipe.name} says by counts when a part is at the gate, and no encoder is "
            "named; set station.encoder, or delay_ms in its [gate]."
        )
    if not joins_views(own.camera):
        return
    if recipe.gate.rests == "open":
        raise SettingsError(
            f"recipe {recipe.name} lets the gate {own.actuator} rest open, and a station that "
            'joins views sees no part itself; set rests = "closed" in its [gate].'
        )
    if spared := {Verdict.FAIL, Verdict.REVIEW} - set(recipe.gate.rejects):
        raise SettingsError(
            f"recipe {recipe.name} lets parts with verdict {min(spared)} through the gate "
            f"{own.actuator}, also those that a view did not see; leave rejects out of its [gate]."
        )


def check_same_unit(own: StationSettings, before: Recipe, recipe: Recipe) -> None:
    """Raise SettingsError when a gate is moved by counts before and by time then, or reversely."""
    if _moves(own) and before.gate.by_count != recipe.gate.by_count:
        said = (
            ("delay_counts", "delay_ms") if recipe.gate.by_count else ("delay_ms", "delay_counts")
        )
        raise SettingsError(
            f"recipe {recipe.name} times the gate by {said[0]}, and {before.name}, which is in "
            f"force, by {said[1]}; name it as station.recipe, and restart the station."
        )


def _moves(own: StationSettings) -> bool:
    return parse_actuator(own.actuator) is not None and own.purpose not in NEVER_MOVES


def _encoder(own: StationSettings) -> dict[str, Any] | None:
    return None if own.encoder is None else asdict(parse_encoder(own.encoder))
