"""Times as a person types them: a date, a time, or how long ago."""

import re
from datetime import datetime, timedelta, tzinfo

from ..core.clock import utc_now
from ..core.errors import RecordsError

FORMS = "2026-03-01, 2026-03-01T12:00, or so long ago: 30m, 1h, 2d"
_AGO = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(option: str, text: str | None, zone: tzinfo | None = None) -> datetime | None:
    """Return the moment that an option names, None for none.

    A time without an offset is of `zone`, this machine's when that is None.
    Raises RecordsError for what is no time.
    """
    if text is None:
        return None
    try:
        if ago := _AGO.fullmatch(text):
            return utc_now() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        named = datetime.fromisoformat(text)
        return (named if named.tzinfo else named.replace(tzinfo=zone)).astimezone()
    except (ValueError, OverflowError):
        raise RecordsError(f"{option} {text}: is no time; write it as {FORMS}.") from None
