"""Cuts time into minutes, hours, shifts or days, as the clock on the wall shows them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from .rates import Tally

SHIFT_HOURS = (0, 8, 16)
"""Local hours at which a shift begins; the first is midnight."""
_DAY = timedelta(days=1)


class Bucket(StrEnum):
    """How long one bucket is."""

    MINUTE = "minute"
    HOUR = "hour"
    SHIFT = "shift"
    DAY = "day"

    @property
    def length(self) -> timedelta:
        """Return its usual length."""
        return {
            Bucket.MINUTE: timedelta(minutes=1),
            Bucket.HOUR: timedelta(hours=1),
            Bucket.SHIFT: _DAY / len(SHIFT_HOURS),
            Bucket.DAY: _DAY,
        }[self]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, UTC; `end` lies outside."""

    start: datetime
    end: datetime


def bucket_start(moment: datetime, bucket: Bucket, zone: tzinfo | None = None) -> datetime:
    """Return when the bucket that holds `moment` began; without a zone, this machine's counts."""
    local = moment.astimezone(zone)
    if bucket in (Bucket.SHIFT, Bucket.DAY):
        return max(start for start in _starts(local.date(), bucket, zone) if start <= moment)
    minutes = local.minute if bucket is Bucket.HOUR else 0
    past = timedelta(minutes=minutes, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) - past


def bucket_end(moment: datetime, bucket: Bucket, zone: tzinfo | None = None) -> datetime:
    """Return when the bucket after the one that holds `moment` begins."""
    if bucket in (Bucket.MINUTE, Bucket.HOUR):
        return bucket_start(moment, bucket, zone) + bucket.length
    today = moment.astimezone(zone).date()
    starts = _starts(today, bucket, zone) + _starts(today + _DAY, bucket, zone)
    return min(start for start in starts if start > moment)


def spans(
    since: datetime, until: datetime, bucket: Bucket, zone: tzinfo | None = None
) -> tuple[Span, ...]:
    """Cut `since` to `until` where buckets begin; the first and the last may be cut short."""
    edges = [since.astimezone(UTC)]
    while (following := bucket_end(edges[-1], bucket, zone)) < until:
        edges.append(following)
    edges.append(until.astimezone(UTC))
    return tuple(Span(start, end) for start, end in pairwise(edges))


def fold(cells: Mapping[datetime, Tally], buckets: Sequence[Span]) -> list[Tally]:
    """Add up tallies of short cells, by their start, to one tally a bucket.

    Every bucket but the first must begin where a cell begins.
    """
    starts = [span.start for span in buckets]
    tallies = [Tally()] * len(buckets)
    for moment, tally in cells.items():
        index = max(0, bisect_right(starts, moment) - 1)
        tallies[index] += tally
    return tallies


def _starts(day: date, bucket: Bucket, zone: tzinfo | None) -> list[datetime]:
    hours = SHIFT_HOURS if bucket is Bucket.SHIFT else SHIFT_HOURS[:1]
    return [datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in hours]
