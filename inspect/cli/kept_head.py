"""Reads a head of the audit log that was kept elsewhere."""

import re
from pathlib import Path

from pydantic import ValidationError

from ..core.audit import AuditHead
from ..core.errors import RecordsError

MAX_BYTES = 10_000


def read_head(given: str) -> AuditHead | str:
    """Return the head that is a hash, or stands in a file as `records head --json` writes it.

    Raises RecordsError when it is neither.
    """
    if re.fullmatch(r"[0-9a-f]{64}", given):
        return given
    try:
        with Path(given).open("rb") as file:
            return AuditHead.model_validate_json(file.read(MAX_BYTES))
    except OSError as error:
        raise RecordsError(
            f"{given}: is no hash, and cannot be read as a file ({error.strerror}); "
            "name what `edgeinspect records head --json` wrote."
        ) from None
    except ValidationError:
        raise RecordsError(
            f"{given}: holds no head; name what `edgeinspect records head --json` wrote."
        ) from None
