"""What a station can be asked to do: the payload of `command`."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError

from .clock import Moment
from .errors import MessagingError
from .frozen import FrozenModel
from .identity import Name
from .part import Label

SCHEMA: Literal["edgeinspect.command/1"] = "edgeinspect.command/1"
MAX_COMMAND_BYTES = 4_096
"""A longer command is refused unread."""


class Request(FrozenModel):
    """What every command says."""

    schema_: Literal["edgeinspect.command/1"] = Field(SCHEMA, alias="schema")
    id: UUID = Field(description="Of this request alone; what comes twice is done once")
    by: Label = Field(description="Who asks: a person or a program")
    expires_at: Moment = Field(description="From then on the station refuses it")

    def check_in_time(self, now: datetime) -> None:
        """Raise MessagingError when the time for this is past, by a station's clock."""
        if now >= self.expires_at:
            raise MessagingError(
                f"it came at {now:%H:%M:%S} and was to be done before {self.expires_at:%H:%M:%S} "
                "UTC; ask again, and if that does not help compare the clocks."
            )


class Pause(Request):
    """Take no more frames, after the part in hand."""

    do: Literal["pause"] = "pause"


class Resume(Request):
    """Take frames again."""

    do: Literal["resume"] = "resume"


class Snapshot(Request):
    """Show the newest frame."""

    do: Literal["snapshot"] = "snapshot"


class Status(Request):
    """Say what the station is doing."""

    do: Literal["status"] = "status"


class Changeover(Request):
    """Inspect by another recipe from now on."""

    do: Literal["changeover"] = "changeover"
    recipe: Name = Field(description="Name of one in the station's folder of recipes")
    version: int | None = Field(
        None, ge=1, description="Its version; null where there is only one of that name"
    )


Command = Annotated[Pause | Resume | Snapshot | Status | Changeover, Field(discriminator="do")]
COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
KINDS: dict[str, type[Pause | Resume | Snapshot | Status | Changeover]] = {
    "pause": Pause,
    "resume": Resume,
    "snapshot": Snapshot,
    "status": Status,
    "changeover": Changeover,
}


def read_command(payload: bytes) -> Command:
    """Return the command that a payload holds.

    Raises MessagingError, in a sentence for who asked, for anything else.
    """
    if len(payload) > MAX_COMMAND_BYTES:
        raise MessagingError(
            f"the command has {len(payload)} bytes; send {MAX_COMMAND_BYTES} at most."
        )
    try:
        return COMMAND.validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    if first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        raise MessagingError(f"this is no known command; `do` is one of {', '.join(KINDS)}.")
    where = ".".join(str(part) for part in first["loc"][1:])
    where = f"{where[:100]}: " if where else ""
    raise MessagingError(f"the command cannot be read ({where}{first['msg'][:200]}); mend it.")
