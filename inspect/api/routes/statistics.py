"""Defect rate over time, and the Pareto of defect classes; only production parts count."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from ...core.clock import utc_now
from ...quality.buckets import Bucket, Span, bucket_end, bucket_start, fold, spans
from ...quality.pareto import pareto
from ...quality.rates import Tally
from ...records.queries import counts
from ...records.rollups.levels import LEVELS_S
from ..problems import documented
from ..schemas.statistics import Counts, Pareto, ParetoItem, Rates
from ..services import FromServices
from .parameters import FromScope, Since, Until

router = APIRouter(tags=["statistics"])

MAX_BUCKETS = 2000
DEFAULT_BUCKETS = {Bucket.MINUTE: 60, Bucket.HOUR: 24, Bucket.SHIFT: 1, Bucket.DAY: 30}


@router.get("/rates", summary="Get the defect rate over time", responses=documented(422))
def get_rates(
    services: FromServices,
    scope: FromScope,
    since: Since = None,
    until: Until = None,
    bucket: Bucket = Bucket.HOUR,
) -> Rates:
    """Return counts and rates by minute, hour, shift or day of this server's clock.

    Without `since`, the last 60 minutes, 24 hours, this shift, or 30 days; without `until`, to
    the end of the bucket that runs now.
    """
    whole = _span(bucket, since, until)
    if (whole.end - whole.start) / bucket.length > MAX_BUCKETS:
        raise HTTPException(422, f"bucket: more than {MAX_BUCKETS}; ask for longer ones.")
    buckets = spans(whole.start, whole.end, bucket)
    cells = counts.cells(services.database, whole.start, whole.end, scope, _cell_s(buckets))
    return Rates(
        buckets=tuple(map(Counts.of, buckets, fold(cells, buckets))),
        total=Counts.of(whole, sum(cells.values(), Tally())),
    )


@router.get("/pareto", summary="Rank the defect classes", responses=documented(422))
def get_pareto(
    services: FromServices, scope: FromScope, since: Since = None, until: Until = None
) -> Pareto:
    """Return how many failed parts show each class; without `since`, of the last 30 days."""
    whole = _span(Bucket.DAY, since, until)
    found = counts.failed_by_class(services.database, whole.start, whole.end, scope)
    return Pareto(items=tuple(map(ParetoItem.of, pareto(found))))


def _cell_s(buckets: Sequence[Span]) -> int:
    """Return the longest cells that no bucket cuts; days of most time zones are made of hours."""
    edges = [int(later.start.timestamp()) for later in buckets[1:]]
    return max(level_s for level_s in LEVELS_S if all(edge % level_s == 0 for edge in edges))


def _span(bucket: Bucket, since: datetime | None, until: datetime | None) -> Span:
    end = until or bucket_end(utc_now(), bucket)
    earlier = end - (DEFAULT_BUCKETS[bucket] - 0.5) * bucket.length
    start = since or bucket_start(earlier, bucket)
    if start >= end:
        raise HTTPException(422, "since: lies not before until.")
    return Span(start, end)
