"""Messages that were set aside, as they are answered and settled."""

from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints

from ...core.frozen import FrozenModel
from ...records.queries import quarantine
from ...records.queries.quarantine import Outcome
from ...records.settle import MAX_BY, MAX_NOTE

PREVIEW_CHARACTERS = 200
Who = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_BY)]


class Aside(FrozenModel):
    """A message that could not be recorded."""

    id: int
    received_at: AwareDatetime
    topic: str
    reason: str = Field(description="Why it cannot be recorded, as of the last try")
    sha256: str = Field(description="Digest of the whole payload")
    size_bytes: int = Field(description="Length of the whole payload")
    kept_bytes: int = Field(description="How much of it is here; nothing once it is settled")
    preview: str = Field(description="How it begins; what is no plain text is replaced by a dot")
    tries: int = Field(description="How often it was tried again in vain")
    outcome: Outcome
    settled_at: AwareDatetime | None
    settled_by: str | None
    note: str | None

    @classmethod
    def of(cls, aside: quarantine.Aside) -> Self:
        """Return the answer for a message."""
        return cls(
            id=aside.id,
            received_at=aside.received_at,
            topic=aside.topic,
            reason=aside.reason,
            sha256=aside.sha256,
            size_bytes=aside.size_bytes,
            kept_bytes=aside.kept_bytes,
            preview=preview(aside.beginning),
            tries=aside.tries,
            outcome=aside.outcome,
            settled_at=aside.settled_at,
            settled_by=aside.settled_by,
            note=aside.note,
        )


class Quarantine(FrozenModel):
    """A page of what was set aside, the newest first, and how full the quarantine is."""

    items: tuple[Aside, ...]
    next_before: int | None = Field(description="Ask with it as `before`; null at the end")
    waiting: int = Field(description="Messages that nobody has settled yet")
    recorded: int = Field(description="Messages that a later try recorded")
    dismissed: int = Field(description="Messages that somebody gave up")
    held_bytes: int = Field(description="What the waiting ones take")
    limit_bytes: int = Field(description="What they may take; then stations keep theirs")
    unkept: int = Field(description="Nobody's messages that found no room and were only counted")


class Retry(FrozenModel):
    """Who tries again."""

    by: Who = Field(description="Name of the person")


class Dismissal(FrozenModel):
    """Who gives a message up, and why."""

    by: Who = Field(description="Name of the person")
    note: str | None = Field(None, max_length=MAX_NOTE, description="Why")


def preview(beginning: bytes) -> str:
    """Return the start of a payload as text without anything that could act on a screen."""
    text = beginning.decode("utf-8", "replace")[:PREVIEW_CHARACTERS]
    return "".join(character if character.isprintable() else "." for character in text)
