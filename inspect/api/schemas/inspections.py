"""Inspections as they are answered."""

from typing import Self

from pydantic import AwareDatetime, Field

from ...core.frozen import FrozenModel
from ...core.inspection import Evidence, Inspection
from ...records.queries.inspections import Recorded


class InspectionPage(FrozenModel):
    """Inspections, newest first."""

    items: tuple[Inspection, ...]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


class KeptEvidence(Evidence):
    """An image of an inspection, and where to get it."""

    url: str = Field(description="Path of the image on this server")
    stored: bool = Field(description="Whether the image has arrived")


class RecordedInspection(FrozenModel):
    """One inspection with its images."""

    inspection: Inspection
    recorded_at: AwareDatetime
    evidence: tuple[KeptEvidence, ...]

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        """Return the answer for a recorded inspection."""
        evidence = tuple(
            KeptEvidence(
                **item.model_dump(),
                url=f"/api/v1/evidence/{item.sha256}",
                stored=item.sha256 in recorded.stored,
            )
            for item in recorded.inspection.evidence
        )
        return cls(
            inspection=recorded.inspection, recorded_at=recorded.recorded_at, evidence=evidence
        )


class PartHistory(FrozenModel):
    """All that was seen of one part."""

    serial: str
    inspections: tuple[Inspection, ...] = Field(description="Oldest first; the newest 500")
