"""How a value of each column is written in JSON, and read back with nothing taken on trust."""

import base64
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from ...core.clock import Moment
from ..moment import UtcDateTime

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


class Kind(StrEnum):
    """What a column holds, whatever a database calls it."""

    ID = "id"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    BYTES = "bytes"
    TEXT = "text"


_CALLED: tuple[tuple[Kind, tuple[type[Any], ...]], ...] = (
    (Kind.ID, (sa.Uuid, sa.CHAR)),  # SQLite keeps ids as CHAR(32), and texts as TEXT alone
    (Kind.MOMENT, (UtcDateTime, sa.DateTime)),
    (Kind.BOOLEAN, (sa.Boolean,)),
    (Kind.INTEGER, (sa.Integer,)),
    (Kind.NUMBER, (sa.Float, sa.Numeric)),
    (Kind.BYTES, (sa.LargeBinary,)),
    (Kind.TEXT, (sa.String,)),
)
TYPES: dict[Kind, Callable[[], Any]] = {
    Kind.ID: sa.Uuid,
    Kind.MOMENT: UtcDateTime,
    Kind.BOOLEAN: sa.Boolean,
    Kind.INTEGER: sa.BigInteger,
    Kind.NUMBER: sa.Double,
    Kind.BYTES: sa.LargeBinary,
    Kind.TEXT: sa.Text,
}
"""The type to insert a kind with."""


def kind_of(called: Any) -> Kind:
    """Return the kind of a column's type, as we declare it or as a database tells it."""
    return next(kind for kind, types in _CALLED if isinstance(called, types))


def encoder(kind: Kind) -> Callable[[Any], Any] | None:
    """Return what turns a value that is not null into JSON; None where it is that already."""
    return _ENCODERS.get(kind)


def decoder(kind: Kind) -> Callable[[Any], Any]:
    """Return what turns JSON into a value; it raises ValueError for any other kind."""
    return _DECODERS[kind]


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _read_id(value: Any) -> UUID:
    return UUID(hex=_text(value))


def _read_moment(value: Any) -> datetime:
    try:
        return _MOMENT.validate_python(_text(value))
    except ValidationError:
        raise ValueError("it is no moment") from None


def _read_bytes(value: Any) -> bytes:
    return base64.b64decode(_text(value), validate=True)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it is neither true nor false")
    return value


def _integer(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError("it is no whole number that a database holds")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise ValueError("it is no number")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("it is no text that a database holds")
    value.encode()  # half a character cannot be kept
    return value


_ENCODERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.ID: lambda value: value.hex,
    Kind.MOMENT: lambda value: value.isoformat(),
    Kind.BYTES: _write_bytes,
}
_DECODERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.ID: _read_id,
    Kind.MOMENT: _read_moment,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BYTES: _read_bytes,
    Kind.TEXT: _text,
}
