"""Holds as they are asked for and answered."""

from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field

from ...core.frozen import FrozenModel
from ...records.retention import holds


def said_by(who: str) -> str:
    """Return how the audit log names somebody who comes by the API, where nobody signs in."""
    return f"api: {who}" if who.strip() else "api"


class HoldRequest(FrozenModel):
    """Why an inspection is to be held, and who says so."""

    reason: str = Field(min_length=1, max_length=300)
    who: str = Field("", max_length=100, description="A name, as they say; there is no sign-in")

    @property
    def said_by(self) -> str:
        """How the audit log names them."""
        return said_by(self.who)


class Hold(FrozenModel):
    """An inspection that retention does not remove."""

    inspection_id: UUID
    at: AwareDatetime
    who: str
    reason: str

    @classmethod
    def of(cls, hold: holds.Hold) -> Self:
        """Return the answer for a hold."""
        return cls(inspection_id=hold.inspection_id, at=hold.at, who=hold.who, reason=hold.reason)


class Holds(FrozenModel):
    """All holds, the oldest first."""

    items: tuple[Hold, ...]
