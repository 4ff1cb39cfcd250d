"""Times as a person types them."""

from datetime import UTC, datetime, timedelta

import pytest

from edgeinspect.cli.moments import moment
from edgeinspect.core.clock import utc_now
from edgeinspect.core.errors import RecordsError


@pytest.mark.parametrize(
    ("text", "ago"),
    [("30m", timedelta(minutes=30)), ("1h", timedelta(hours=1)), ("2d", timedelta(days=2))],
)
def test_so_long_ago(text: str, ago: timedelta) -> None:
    before = utc_now()
    found = moment("--since", text)
    assert found is not None and before - ago <= found <= utc_now() - ago


def test_a_time_is_of_its_offset_or_of_the_zone_that_is_meant() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert moment("--since", "2026-03-01T12:00", UTC) == noon
    assert moment("--since", "2026-03-01T14:00+02:00", UTC) == noon
    assert moment("--since", None) is None


@pytest.mark.parametrize("text", ["1 hour ago", "1w", "h", "999999d", "2026-13-01"])
def test_what_is_no_time_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(RecordsError, match=r"is no time; write it as 2026-03-01.* 30m, 1h, 2d"):
        moment("--until", text)
