"""Buckets of time, on walls all over the world."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.buckets import Bucket, bucket_start, spans

SHANGHAI, BERLIN, KATHMANDU = map(ZoneInfo, ("Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("bucket", "zone", "start"),
    [
        (Bucket.MINUTE, SHANGHAI, "2026-03-01T17:40:00"),
        (Bucket.HOUR, SHANGHAI, "2026-03-01T17:00:00"),
        (Bucket.HOUR, KATHMANDU, "2026-03-01T17:15:00"),
        (Bucket.SHIFT, SHANGHAI, "2026-03-01T16:00:00"),
        (Bucket.SHIFT, BERLIN, "2026-03-01T15:00:00"),
        (Bucket.DAY, SHANGHAI, "2026-03-01T16:00:00"),
        (Bucket.DAY, BERLIN, "2026-02-28T23:00:00"),
    ],
)
def test_a_bucket_begins_on_the_local_clock(bucket: Bucket, zone: ZoneInfo, start: str) -> None:
    assert bucket_start(utc("2026-03-01T17:40:31.5"), bucket, zone) == utc(start)


def test_a_day_with_a_change_of_clocks_keeps_its_shifts() -> None:
    cut = spans(utc("2026-10-24T22:00:00"), utc("2026-10-25T23:00:00"), Bucket.SHIFT, BERLIN)
    assert [span.start.astimezone(BERLIN).hour for span in cut] == [0, 8, 16]
    assert [span.end - span.start for span in cut] == [timedelta(hours=h) for h in (9, 8, 8)]


@given(
    since=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(1, 3000),
    bucket=st.sampled_from(list(Bucket)),
    zone=st.sampled_from([SHANGHAI, BERLIN, KATHMANDU, None]),
)
def test_spans_cover_all_and_lie_within_their_bucket(
    since: datetime, minutes: int, bucket: Bucket, zone: ZoneInfo | None
) -> None:
    until = since + timedelta(minutes=minutes)
    cut = spans(since, until, bucket, zone)
    assert (cut[0].start, cut[-1].end) == (since, until)
    assert all(before.end == after.start for before, after in pairwise(cut))
    for span in cut:
        assert span.start < span.end
        last = span.end - timedelta(microseconds=1)
        assert bucket_start(last, bucket, zone) <= span.start
        assert bucket_start(span.start, bucket, zone) == bucket_start(last, bucket, zone)
