"""The quarantine: what could not be recorded, looked at, tried again, or given up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from starlette.exceptions import HTTPException

from ...records.queries import quarantine
from ...records.queries.quarantine import Outcome
from ...records.settle import QuarantineDesk
from ..problems import documented
from ..schemas.quarantine import Aside, Dismissal, Quarantine, Retry
from ..services import FromServices, Services

router = APIRouter(tags=["quarantine"])

AsideId = Annotated[int, Path(ge=1, lt=2**31, description="Id of the message")]


@router.get("/quarantine", summary="List what could not be recorded", responses=documented(422))
def list_asides(
    services: FromServices,
    outcome: Outcome | Literal["all"] = Outcome.WAITING,
    before: Annotated[int | None, Query(ge=1, lt=2**31, description="Only older ones")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Quarantine:
    """Return messages that were set aside, with the reason of each, and how full it is."""
    wanted = outcome if isinstance(outcome, Outcome) else None
    found = quarantine.asides(services.database, wanted, before, limit)
    holding = quarantine.holding(services.database)
    return Quarantine(
        items=tuple(map(Aside.of, found)),
        next_before=found[-1].id if len(found) == limit else None,
        waiting=holding.waiting,
        recorded=holding.recorded,
        dismissed=holding.dismissed,
        held_bytes=holding.held_bytes,
        limit_bytes=services.quarantine_limit_bytes,
        unkept=holding.unkept,
    )


@router.get(
    "/quarantine/{aside_id}/payload",
    summary="Get what is kept of a message",
    response_class=Response,
    responses={
        200: {"description": "The bytes", "content": {"application/octet-stream": {}}},
        **documented(404, 422),
    },
)
def get_payload(services: FromServices, aside_id: AsideId) -> Response:
    """Return the bytes as they came, to be saved and never to be shown."""
    found = quarantine.aside(services.database, aside_id)
    if found is None:
        raise HTTPException(404, f"message {aside_id} is not in the quarantine; list what is.")
    headers = {"Content-Disposition": f'attachment; filename="message-{aside_id}.bin"'}
    return Response(found[1], media_type="application/octet-stream", headers=headers)


@router.post(
    "/quarantine/{aside_id}/retry",
    summary="Try to record a message again",
    responses=documented(403, 404, 409, 422),
)
def retry(services: FromServices, aside_id: AsideId, asked: Retry) -> Aside:
    """Read the message as this version does: it is recorded, or waits on with the new reason."""
    _desk(services).retry(aside_id, asked.by)
    return _now(services, aside_id)


@router.post(
    "/quarantine/{aside_id}/dismiss",
    summary="Give a message up",
    responses=documented(403, 404, 409, 422),
)
def dismiss(services: FromServices, aside_id: AsideId, asked: Dismissal) -> Aside:
    """Remove its payload; what it was, who gave it up, when and why stays."""
    _desk(services).dismiss(aside_id, asked.by, asked.note)
    return _now(services, aside_id)


def _desk(services: Services) -> QuarantineDesk:
    return QuarantineDesk(services.database, services.evidence)


def _now(services: Services, aside_id: int) -> Aside:
    found = quarantine.aside(services.database, aside_id)
    assert found is not None  # nothing ever leaves the quarantine's list
    return Aside.of(found[0])
