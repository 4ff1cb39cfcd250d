"""Stations and their boots as they are answered."""

from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field

from ...core.delivery import StationMode
from ...core.frozen import FrozenModel
from ...core.health import StationHealth
from ...core.inspection import ModelRef
from ...core.recipe import RecipeRef
from ...records.health_board import Heard
from ...records.queries import stations


class StationSummary(FrozenModel):
    """A station, what it announced last, and its counts over all boots."""

    site: str
    line: str
    station: str
    mode: StationMode | None = Field(description="Null until the station has announced itself")
    reason: str | None
    since: AwareDatetime | None
    model: ModelRef | None
    recipe: RecipeRef | None
    last_inspection_at: AwareDatetime | None
    inspected: int = Field(description="Parts the station handed out, as far as known")
    holes: int = Field(description="Parts among them that are neither recorded nor accounted for")
    quarantined: int = Field(description="Parts among them that only the quarantine has")
    given_up: int = Field(description="Parts among them whose records the station gave up")
    lost: int = Field(description="Parts among them that a restore of an older backup lost")

    @classmethod
    def of(cls, summary: stations.StationSummary) -> Self:
        """Return the answer for a station."""
        state = summary.state
        return cls(
            **summary.address.model_dump(),
            mode=state and state.mode,
            reason=state and state.reason,
            since=state and state.since,
            model=state and state.model,
            recipe=state and state.recipe,
            last_inspection_at=summary.last_inspection_at,
            inspected=summary.inspected,
            holes=summary.holes,
            quarantined=summary.quarantined,
            given_up=summary.given_up,
            lost=summary.lost,
        )


class Stations(FrozenModel):
    """All stations, by name."""

    items: tuple[StationSummary, ...]
    trouble: str | None = Field(
        description="Why nothing new can be heard or recorded, so that states and counts are those "
        "of before; null while all is well"
    )


class BootSummary(FrozenModel):
    """One run of a station's process."""

    boot: UUID
    rows_through: int = Field(description="All rows up to this sequence are accounted for")
    evidence_through: int = Field(description="All their images, too, up to this sequence")
    last_sequence: int = Field(description="Highest sequence seen or announced")
    recorded: int = Field(description="Inspections in the database")
    quarantined: int = Field(description="Inspections that only the quarantine has")
    given_up: int = Field(description="Inspections the station gave up: its outbox was full")
    lost: int = Field(description="Inspections that a restore of an older backup lost")
    holes: tuple[tuple[int, int], ...] = Field(
        description="The first 100 ranges of missing sequences, both ends included"
    )

    @classmethod
    def of(cls, summary: stations.BootSummary) -> Self:
        """Return the answer for a boot."""
        return cls(
            boot=summary.boot,
            rows_through=summary.rows_through,
            evidence_through=summary.evidence_through,
            last_sequence=summary.last_sequence,
            recorded=summary.recorded,
            quarantined=summary.quarantined,
            given_up=summary.given_up,
            lost=summary.lost,
            holes=summary.holes,
        )


class Boots(FrozenModel):
    """The newest 100 boots of a station, newest first."""

    items: tuple[BootSummary, ...]


class HeardHealth(FrozenModel):
    """How a station said it fares, and when that came."""

    received_at: AwareDatetime = Field(description="By this server's clock")
    clock_offset_s: float = Field(
        description="Station's clock less this server's, the way between them included"
    )
    health: StationHealth

    @classmethod
    def of(cls, heard: Heard) -> Self:
        """Return the answer for what was heard."""
        offset = heard.health.at - heard.received_at
        return cls(
            received_at=heard.received_at,
            clock_offset_s=offset.total_seconds(),
            health=heard.health,
        )
