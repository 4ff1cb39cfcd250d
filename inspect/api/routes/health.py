"""Whether the server lives, and whether it can record."""

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from ...core.frozen import FrozenModel
from ...core.version import VERSION
from ...records.database import Database
from ..services import FromServices

router = APIRouter(tags=["health"])


class Health(FrozenModel):
    """The process is alive."""

    status: str = Field("ok", description="Always ok")
    version: str = Field(description="Version of EdgeInspect")


class Readiness(FrozenModel):
    """Whether parts can be recorded."""

    ready: bool = Field(description="Everything below is true")
    database: bool = Field(description="The database answers")
    broker: bool = Field(description="The broker is connected")
    recording: bool = Field(description="What arrives is recorded, or nothing has arrived")


@router.get("/health", summary="Say that the process is alive")
def get_health() -> Health:
    """Answer while the process lives, whatever the rest of the system does."""
    return Health(version=VERSION)


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
