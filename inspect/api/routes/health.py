"""Whether the server lives, and whether it can record."""

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from ...core.clock import Moment
from ...core.frozen import FrozenModel
from ...core.version import VERSION
from ...records.database import Database
from ..services import FromServices

router = APIRouter(tags=["health"])


class Keeping(FrozenModel):
    """How the server's care for its records goes: the audit log's head, and retention."""

    kept_at: Moment | None = Field(description="When all that was due was last done; null: not yet")
    failing_since: Moment | None = Field(description="Since when it fails; null while it does not")
    trouble: str | None = Field(description="Why it failed last; null while it does not")


class Health(FrozenModel):
    """The process is alive."""

    status: str = Field("ok", description="Always ok")
    version: str = Field(description="Version of EdgeInspect")
    keeping: Keeping = Field(description="Whether the records are kept in order")


class Readiness(FrozenModel):
    """Whether parts can be recorded."""

    ready: bool = Field(description="Everything below is true")
    database: bool = Field(description="The database answers")
    broker: bool = Field(description="The broker is connected")
    recording: bool = Field(description="What arrives is recorded, or nothing has arrived")


@router.get("/health", summary="Say that the process is alive")
def get_health(services: FromServices) -> Health:
    """Answer while the process lives, whatever the rest of the system does.

    That records are not kept in order stops nothing, and is told here.
    """
    state = services.keeping()
    keeping = Keeping(
        kept_at=state.kept_at, failing_since=state.failing_since, trouble=state.trouble
    )
    return Health(version=VERSION, keeping=keeping)


@router.get("/ready", summary="Say whether parts can be recorded")
def get_readiness(services: FromServices) -> Readiness:
    """Answer when database and broker are there and parts are recorded; else 503 says why not."""
    database = _answers(services.database)
    if not database:
        raise HTTPException(503, "the database does not answer; check the database server.")
    if refusal := services.broker_trouble():
        raise HTTPException(503, refusal)
    if trouble := services.recording_trouble():
        raise HTTPException(503, f"nothing is lost, but not recorded yet: {trouble}.")
    return Readiness(ready=True, database=True, broker=True, recording=True)


def _answers(database: Database) -> bool:
    try:
        with database.read() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True
