"""What station and server tell each other so that no inspection can be lost."""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from .clock import Moment
from .frozen import FrozenModel
from .inspection import ModelRef
from .recipe import RecipeRef

Count = Annotated[int, Field(ge=0, lt=2**53)]
"""Any JSON reader holds it exactly, and any database."""


class Dropped(FrozenModel):
    """What a station no longer has of a boot, and why.

    Its outbox was full or too old; or it let go of what a database had recorded that was then
    replaced by an older state of it (`lost_through`). Whatever is not recorded of these sequences
    will never come, and counts as accounted for.
    """

    rows_through: Count = Field(0, description="Inspections up to this sequence")
    passes_through: Count = Field(0, description="Images of passed parts up to this sequence")
    evidence_through: Count = Field(0, description="Images of all other parts up to this one")
    lost_through: Count = Field(
        0, description="Inspections up to this sequence that an earlier database had recorded"
    )


class BootTail(FrozenModel):
    """A boot the station still holds or gave up something of, and how far it got."""

    boot: UUID
    last_sequence: Count = Field(description="Highest sequence the boot handed out")
    dropped: Dropped | None = None

    @model_validator(mode="after")
    def _drops_what_it_had(self) -> Self:
        gone = self.dropped or Dropped()
        rows = max(gone.rows_through, gone.lost_through)
        if max(rows, gone.evidence_through, gone.passes_through) > self.last_sequence:
            raise ValueError("a boot cannot give up more than it handed out")
        return self


class BootWatermark(FrozenModel):
    """How much of a boot is safe in the database: everything up to and with these sequences."""

    boot: UUID
    rows_through: Count
    evidence_through: Count


class Recorded(FrozenModel):
    """The server's end-to-end acknowledgement to one station.

    A new `epoch` means another database (a restore), a new `session` that the server was deaf for
    a while: in both cases the station sends again all it still holds.
    """

    epoch: UUID
    session: Count = Field(0, description="How often the server began to listen")
    boots: tuple[BootWatermark, ...] = ()


class StationMode(StrEnum):
    """What a station is doing."""

    STARTING = "starting"
    RUNNING = "running"
    DEGRADED = "degraded"
    PAUSED = "paused"
    FAULT = "fault"
    STOPPED = "stopped"
    OFFLINE = "offline"


class StationState(FrozenModel):
    """A station's retained state; `offline` is its last will."""

    mode: StationMode
    reason: str | None = Field(None, max_length=300)
    since: Moment
    model: ModelRef | None = None
    recipe: RecipeRef | None = None
    open_boots: tuple[BootTail, ...] = ()
