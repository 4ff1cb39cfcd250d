"""What says that a part is there: the payload of `part`, and the trigger that it becomes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from unicodedata import category
from uuid import UUID

from pydantic import Field, ValidationError, field_validator

from .clock import Moment
from .errors import MessagingError
from .part import PartContext

SCHEMA: Literal["edgeinspect.part/1"] = "edgeinspect.part/1"
MAX_PART_BYTES = 4_096
"""A longer notice is refused unread."""
_UNKNOWN = PartContext()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A part is there: since `at_s` on the monotonic clock, `at` in UTC, as `by` said.

    Where it was seen in pictures, its own is older: at `at_s` that one was known to be the best.

    `context` holds what was said of it, its serial for one; every field of it may be unknown.
    """

    at_s: float
    at: datetime
    by: str
    context: PartContext = _UNKNOWN


class PartNotice(PartContext):
    """The next part is there; a picture is taken, and what is said here goes into its record."""

    schema_: Literal["edgeinspect.part/1"] = Field(SCHEMA, alias="schema")
    id: UUID | None = Field(None, description="Of this notice; what comes twice is one part")
    expires_at: Moment | None = Field(None, description="From then on the station refuses it")

    @field_validator(*PartContext.model_fields)
    @classmethod
    def _can_be_shown(cls, said: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        if any(category(sign) == "Cc" for sign in "".join(said or ())):
            raise ValueError("it holds a control character; send text that can be shown")
        return said

    @property
    def context(self) -> PartContext:
        """What is said of the part."""
        return PartContext(**{name: getattr(self, name) for name in PartContext.model_fields})

    def check_in_time(self, now: datetime) -> None:
        """Raise MessagingError when the part is past, by a station's clock."""
        if self.expires_at is not None and now >= self.expires_at:
            raise MessagingError(
                f"the part was told of at {now:%Y-%m-%d %H:%M:%S} and was past by "
                f"{self.expires_at:%Y-%m-%d %H:%M:%S} UTC; send it sooner, or compare the clocks."
            )


def read_notice(payload: bytes) -> PartNotice:
    """Return the notice a payload holds; an empty one tells of a part and nothing more.

    Raises MessagingError, in a sentence for who sent it, for anything else.
    """
    if len(payload) > MAX_PART_BYTES:
        raise MessagingError(f"the notice has {len(payload)} bytes; send {MAX_PART_BYTES} at most.")
    try:
        return PartNotice.model_validate_json(payload or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:100]
    where = f"{where}: " if where else ""
    raise MessagingError(f"the notice cannot be read ({where}{first['msg'][:200]}); mend it.")
