"""Steps the wall clock of a process twice a second, hours forth and back.

Python reads this at its start where the folder is in PYTHONPATH. Durations are not touched, as an
operating system does not touch them either when somebody sets its clock.
"""

import time
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as ids

STEPS_S = (0, 3600, -3600, 86_400, 600, -86_400)
EVERY_S = 0.5

_begun_s, _time, _uuid7 = time.monotonic(), time.time, ids.uuid7


def stepped() -> float:
    """Return the seconds since 1970 by the stepped clock."""
    return _time() + STEPS_S[int((time.monotonic() - _begun_s) / EVERY_S) % len(STEPS_S)]


def _stepped_id(*, nanoseconds: int | None = None) -> UUID:
    return _uuid7(nanoseconds=nanoseconds or int(stepped() * 1e9))


time.time = stepped
ids.uuid7 = _stepped_id

from edgeinspect.core import clock  # noqa: E402 - what it imports is to find the clock stepped

clock.utc_now = lambda: datetime.fromtimestamp(stepped(), UTC)
