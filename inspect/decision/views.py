"""The rule that turns what several stations said of one part into one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..core.inspection import Inspection
from ..core.part import PartContext
from ..core.reason import Reason, ReasonCode
from ..core.verdict import Verdict
from ..core.views import Views
from .decide import Decision

MOST_REASONS = 32
_WORST_FIRST = (Verdict.FAIL, Verdict.REVIEW, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one station said of a part, as far as it counts for the part's verdict."""

    station: str
    inspection: UUID
    part_id: str
    captured_at: datetime
    context: PartContext
    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def serial(self) -> str | None:
        """What the part is known by at every station; None where this one could not tell."""
        return self.context.serial


def sighting_of(inspection: Inspection) -> Sighting:
    """Return what counts of an inspection, without its findings and images."""
    return Sighting(
        inspection.station,
        inspection.id,
        inspection.part_id,
        inspection.captured_at,
        inspection.context,
        inspection.verdict,
        inspection.reasons,
    )


def decide_views(views: Views, seen: Mapping[str, Sighting], repeated_by: str | None) -> Decision:
    """Decide on a part: what its worst view says, and `review` where one is missing.

    `seen` holds the views that came, by station. `repeated_by` names a station that saw two parts
    under the serial, where one did; nobody knows then which view belongs to which.
    """
    doubts = [*_doubts(views, seen), *_repeats(seen, repeated_by)]
    ordered = sorted(seen.values(), key=lambda each: _WORST_FIRST.index(each.verdict))
    reasons = [_named(each.station, reason) for each in ordered for reason in each.reasons]
    verdicts = {each.verdict for each in ordered} | ({Verdict.REVIEW} if doubts else set())
    worst = next(verdict for verdict in _WORST_FIRST if verdict in verdicts)
    return Decision(worst, tuple([*doubts, *reasons][:MOST_REASONS]), None)


def _doubts(views: Views, seen: Mapping[str, Sighting]) -> list[Reason]:
    unread = [each.station for each in seen.values() if each.serial is None]
    if unread:
        text = f"{unread[0]} does not know the serial, so no other view can be told to be of it"
        return [_reason(ReasonCode.SERIAL_UNREAD, text)]
    within = f"within {views.within_ms:g} ms, or before a stop"
    return [
        _reason(ReasonCode.VIEW_MISSING, f"{station} said nothing of the part {within}")
        for station in views.stations
        if station not in seen
    ]


def _repeats(seen: Mapping[str, Sighting], repeated_by: str | None) -> list[Reason]:
    if repeated_by is None:
        return []
    serial = next(iter(seen.values())).serial
    text = f"{repeated_by} saw two parts under {serial}, so nobody knows which view is of which"
    return [_reason(ReasonCode.SERIAL_REPEATED, text)]


def _named(station: str, reason: Reason) -> Reason:
    return _reason(reason.code, f"{station}: {reason.text}")


def _reason(code: ReasonCode, text: str) -> Reason:
    return Reason(code=code, text=text[:300])
