"""What a screen is told the moment it is recorded."""

from dataclasses import dataclass

from ..core.inspection import Inspection
from .queries.stations import StationSummary


@dataclass(frozen=True, slots=True)
class InspectionRecorded:
    """An inspection is in the database."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class EvidenceStored:
    """An image lies in the evidence store."""

    sha256: str


@dataclass(frozen=True, slots=True)
class StationChanged:
    """A station announced another state."""

    summary: StationSummary


Event = InspectionRecorded | EvidenceStored | StationChanged
