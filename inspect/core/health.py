"""How a station fares: what waits on its disk, and what stands in its way."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from .clock import Moment
from .delivery import Count
from .frozen import FrozenModel


class OutboxHealth(FrozenModel):
    """What waits to be recorded, and what was given up for lack of space or for its age."""

    rows: Count = Field(description="Inspections that wait to be recorded")
    evidence: Count = Field(description="Images that wait to be recorded")
    bytes: Count = Field(description="What all of these take")
    limit_bytes: Count = Field(description="What they may take")
    oldest_s: Annotated[float, Field(ge=0)] | None = Field(
        description="Age of the oldest, in seconds; null when nothing waits"
    )
    dropped_rows: Count = Field(description="Inspections given up, over all boots still known here")
    dropped_evidence: Count = Field(description="Images given up, over all boots still known here")


class GateHealth(FrozenModel):
    """How the gate behind the camera is, since the station started."""

    late: Count = Field(description="Verdicts that came after their part was at the gate")
    failed: Count = Field(
        description="Times the gate could not be moved, its encoder was lost, the station stood "
        "still, or its guard ended"
    )
    move_p99_ms: float | None = Field(
        description="99th percentile of the newest 1000 moves, from when the part was due at the "
        "gate until the output has answered, in ms; null before the first"
    )


class TriggerHealth(FrozenModel):
    """What became of the triggers, since the station started; the rest of `heard` waits."""

    heard: Count = Field(description="Triggers taken; each that was not let go has its record")
    refused: Count = Field(description="Not taken: unreadable, past their time, or too many wait")
    met: Count = Field(description="Given a picture that was judged, or waits to be")
    overtaken: Count = Field(description="Their picture came while too many waited to be judged")
    unseen: Count = Field(description="No picture came in time, or the station was stopped")
    let_go: Count = Field(description="They came while the station was paused")


class CameraHealth(FrozenModel):
    """What became of the frames of a live camera that nobody judged, since the station started."""

    overtaken: Count = Field(description="Frames that came faster than they were judged")
    lost: Count = Field(description="Frames lost on the way, by the camera's own count of them")
    damaged: Count = Field(description="Frames that came, and not whole")
    triggers: TriggerHealth | None = Field(None, description="Null where nothing triggers it")


class ViewsHealth(FrozenModel):
    """What became of what other stations said of parts, since the station started."""

    heard: Count = Field(description="Inspections of theirs that came and can be read")
    again: Count = Field(description="Of these, come a second time")
    late: Count = Field(description="Of these, come when their part was decided without them")
    aside: Count = Field(
        description="Of these, left aside: made for another purpose than this station's, by a "
        "clock that is ahead, or too many parts waited"
    )
    let_go: Count = Field(description="Parts let go of while the station was paused")
    unusable: Count = Field(description="Messages that are no inspection of the station they name")


class StationHealth(FrozenModel):
    """Published every ten seconds, and kept by nobody for long."""

    at: Moment
    boot: UUID | None = Field(description="The run that goes on; null before the first part")
    outbox: OutboxHealth
    disk_free_bytes: Count = Field(description="Space left where the outbox lies")
    gate: GateHealth | None = Field(
        None, description="How its gate is; null for a station that moves none"
    )
    camera: CameraHealth | None = Field(
        None, description="How its camera is; null for one that is played from files"
    )
    views: ViewsHealth | None = Field(
        None, description="How the stations it joins are heard; null for one that joins none"
    )
    trouble: str | None = Field(
        None, max_length=300, description="Why nothing can be delivered or written, in a sentence"
    )
