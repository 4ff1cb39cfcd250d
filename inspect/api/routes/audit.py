"""The audit log."""

from typing import Annotated

from fastapi import APIRouter, Query

from ...core.audit import AuditHead
from ...core.clock import Moment
from ...records.audit.entry import Kind
from ...records.queries import audit
from ..problems import documented
from ..schemas.audit import AuditPage
from ..services import FromServices

router = APIRouter(tags=["audit"])


@router.get("/audit", summary="List the audit log, newest first", responses=documented(422))
def list_entries(
    services: FromServices,
    since: Annotated[Moment | None, Query(description="Written at this time or later")] = None,
    until: Annotated[Moment | None, Query(description="Written before this time")] = None,
    what: Annotated[list[Kind], Query(description="Only of these kinds; repeatable")] = [],  # noqa: B006 - read by FastAPI
    about: Annotated[str | None, Query(description="Only about this thing")] = None,
    before: Annotated[int | None, Query(ge=1, description="Only entries below this number")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> AuditPage:
    """Return a page; the number of its last entry, given as `before`, leads to the next."""
    filters = audit.AuditFilters(since, until, what, about)
    return AuditPage(items=audit.entries(services.database, filters, limit, before))


@router.get("/audit/head", summary="Get the head of the audit log")
def get_head(services: FromServices) -> AuditHead:
    """Return number, hash and time of the newest entry, to be kept elsewhere."""
    return audit.head(services.database)
