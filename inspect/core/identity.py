"""Identities: time-ordered ids, digests of content, and names safe in topics and paths."""

import hashlib
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from uuid_utils.compat import uuid7

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A name of a site, line, station, recipe or model: safe as a topic level and as a file name."""


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): unique, and ordered by the time it was made."""
    return uuid7()


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()


def model_digest(model: BaseModel) -> str:
    """Return the SHA-256 of a model's canonical JSON: declared order, no spaces, UTF-8."""
    return digest(model.model_dump_json().encode())
