"""The audit log as it is shown, and its head, which is kept elsewhere to guard it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from .clock import Moment
from .delivery import Count
from .frozen import FrozenModel
from .identity import Sha256

SCHEMA: Literal["edgeinspect.audit-head/1"] = "edgeinspect.audit-head/1"


class AuditHead(FrozenModel):
    """The newest entry of a database's audit log; everything before it follows from its hash."""

    schema_: Literal["edgeinspect.audit-head/1"] = Field(SCHEMA, alias="schema")
    epoch: UUID = Field(description="Which database")
    number: Count = Field(description="Number of the newest entry; 0 while there is none")
    sha256: Sha256 = Field(description="Its hash; zeros while there is none")
    at: Moment = Field(description="When it was written, UTC; when asked for while there is none")


class AuditEntry(FrozenModel):
    """One entry of the audit log: who did what, when and to which thing."""

    number: Count = Field(description="1, 2, 3, ... without gaps")
    at: Moment = Field(description="When, UTC")
    who: str = Field(description="A person, or `server` for what nobody asked for")
    what: str = Field(description="What was done")
    about: str = Field(description="The thing it was done to")
    detail: dict[str, Any] = Field(description="What else is to be said; depends on `what`")
    previous: str = Field(description="Hash of the entry before")
    sha256: str = Field(description="Hash of this entry")
