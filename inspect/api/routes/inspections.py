"""Inspections: a page of them, one, or all of one part."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.exceptions import HTTPException

from ...core.verdict import Purpose, Verdict
from ...records.queries import inspections
from ...records.queries.inspections import Cursor, Filters
from ...records.retention import holds
from ..problems import documented
from ..schemas.holds import Hold, HoldRequest, Holds, said_by
from ..schemas.inspections import InspectionPage, PartHistory, RecordedInspection
from ..services import FromServices
from .parameters import FromScope, Since, Until

router = APIRouter(tags=["inspections"])


def _filters(
    scope: FromScope,
    since: Since = None,
    until: Until = None,
    verdict: Verdict | None = None,
    class_name: Annotated[
        str | None, Query(alias="class", description="With a finding of this class")
    ] = None,
    serial: Annotated[str | None, Query(description="Of the part with this serial")] = None,
    lot: Annotated[str | None, Query(description="Of this lot")] = None,
    purpose: Purpose | None = None,
) -> Filters:
    return Filters(scope, since, until, verdict, class_name, serial, lot, purpose)


def _cursor(
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
) -> Cursor | None:
    try:
        return None if cursor is None else inspections.parse_cursor(cursor)
    except ValueError as error:
        raise HTTPException(422, f"cursor: {error}.") from None


@router.get("/inspections", summary="List inspections, newest first", responses=documented(422))
def list_inspections(
    services: FromServices,
    filters: Annotated[Filters, Depends(_filters)],
    after: Annotated[Cursor | None, Depends(_cursor)],
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> InspectionPage:
    """Return a page; `next_cursor` leads to the next, whatever is recorded meanwhile."""
    page = inspections.page(services.database, filters, limit, after)
    cursor = page.next_cursor
    return InspectionPage(items=page.items, next_cursor=None if cursor is None else str(cursor))


@router.get(
    "/inspections/{inspection_id}",
    summary="Get one inspection with its images",
    responses=documented(404, 422),
)
def get_inspection(services: FromServices, inspection_id: UUID) -> RecordedInspection:
    """Return everything that is recorded about one inspection."""
    recorded = inspections.one(services.database, inspection_id)
    if recorded is None:
        raise HTTPException(404, f"inspection {inspection_id} is not recorded; check the id.")
    return RecordedInspection.of(recorded)


@router.put(
    "/inspections/{inspection_id}/hold",
    summary="Hold an inspection",
    responses=documented(404, 422),
)
def set_hold(services: FromServices, inspection_id: UUID, wanted: HoldRequest) -> Hold:
    """Keep the inspection and its images from retention; an earlier hold stays as it is."""
    held = holds.set_hold(services.database, inspection_id, wanted.reason, wanted.said_by)
    if held is None:
        raise HTTPException(404, f"inspection {inspection_id} is not recorded; check the id.")
    return Hold.of(held)


@router.delete(
    "/inspections/{inspection_id}/hold",
    summary="Lift a hold",
    responses=documented(404, 422),
)
def lift_hold(
    services: FromServices,
    inspection_id: UUID,
    who: Annotated[str, Query(max_length=100, description="Who lifts it, as they say")] = "",
) -> Hold:
    """Leave the inspection to retention again, and return the hold that was."""
    lifted = holds.lift_hold(services.database, inspection_id, said_by(who))
    if lifted is None:
        raise HTTPException(404, f"inspection {inspection_id} is not held; check the id.")
    return Hold.of(lifted)


@router.get("/holds", summary="List the holds, the oldest first")
def list_holds(services: FromServices) -> Holds:
    """Return every inspection that is held."""
    return Holds(items=tuple(map(Hold.of, holds.holds(services.database))))


@router.get("/parts/{serial:path}", summary="Trace a part", responses=documented(404, 422))
def get_part(
    services: FromServices, serial: Annotated[str, Path(min_length=1, max_length=128)]
) -> PartHistory:
    """Return what was seen of the part with this serial, or this part id, oldest first."""
    found = inspections.of_part(services.database, serial)
    if not found:
        raise HTTPException(404, f"part {serial} was never seen; check the serial or part id.")
    return PartHistory(serial=serial, inspections=found)
