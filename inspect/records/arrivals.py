"""Reads what arrives from the broker; what is not the contract's is refused, with the reason."""

import logging
from functools import cache
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from ..core.delivery import StationState
from ..core.errors import MessagingError
from ..core.health import StationHealth
from ..core.identity import Sha256
from ..core.inspection import NEXT_SCHEMA, SCHEMA, Inspection, StationAddress
from ..messaging.message import Message
from ..messaging.topics import Channel, Topic, parse_topic
from .batch import Announcement, EvidenceKey, HealthReport, Refused, Seat

MAX_DOCUMENT_BYTES = 1 << 20
"""An Inspection with all its lists full is shorter."""
_log = logging.getLogger(__name__)
_SHA256: TypeAdapter[str] = TypeAdapter(Sha256)


class _Numbered(BaseModel):
    """As much of a refused inspection as it takes to account for its sequence."""

    boot: UUID
    sequence: Annotated[int, Field(ge=1, lt=2**53)]


class _Versioned(BaseModel):
    """As much of an inspection as says of which version it is."""

    schema_: str = Field(alias="schema")


def read_document(message: Message) -> Inspection | Announcement | HealthReport | Refused:
    """Return what a message of the channels `inspection`, `state` and `health` says.

    What a newer version adds to `state` and `health` is passed over; of an inspection that is
    allowed to the next version of the schema alone.
    """
    try:
        topic = parse_topic(message.topic)
    except MessagingError as error:
        return Refused(message.topic, message.payload, str(error))
    try:
        if len(message.payload) > MAX_DOCUMENT_BYTES:
            raise ValueError(f"{len(message.payload)} bytes are more than {MAX_DOCUMENT_BYTES}")
        if topic.channel is Channel.STATE:
            state = StationState.model_validate_json(message.payload, extra="ignore")
            return Announcement(topic.address, state)
        if topic.channel is Channel.HEALTH:
            health = StationHealth.model_validate_json(message.payload, extra="ignore")
            return HealthReport(topic.address, health)
        return _read_inspection(topic.address, message.payload)
    except ValueError as error:
        seat = _seat(topic, message.payload)
        return Refused(message.topic, message.payload, _explain(error, message.payload), seat)


def takes_back(message: Message) -> bool:
    """Say whether a message is but how MQTT takes back what was retained: a state of no bytes."""
    return not message.payload and message.topic.endswith(f"/{Channel.STATE}")


def read_evidence_key(message: Message) -> EvidenceKey | Refused:
    """Return which image a message of the channel `evidence` brings."""
    try:
        topic = parse_topic(message.topic)
        return EvidenceKey(topic.address, _SHA256.validate_python(topic.detail))
    except (MessagingError, ValidationError) as error:
        return Refused(message.topic, message.payload, _explain(error))


def _read_inspection(address: StationAddress, payload: bytes) -> Inspection:
    try:
        inspection = Inspection.model_validate_json(payload)
    except ValidationError:
        if not _is_of_next_version(payload):
            raise
        inspection = _read_next(payload)
        _say_newer(str(address))
    if inspection.address != address:
        raise ValueError(f"it says it is of {inspection.address}, and came from {address}")
    return inspection


def _is_of_next_version(payload: bytes) -> bool:
    try:
        return _Versioned.model_validate_json(payload).schema_ == NEXT_SCHEMA
    except ValidationError:
        return False


def _read_next(payload: bytes) -> Inspection:
    """Read an inspection of the next version: what this one does not know is left out.

    Raises ValidationError when it is wrong in what is known.
    """
    document = from_json(payload)
    return Inspection.model_validate_json(to_json(document | {"schema": SCHEMA}), extra="ignore")


@cache
def _say_newer(address: str) -> None:
    _log.warning(
        "%s sends inspections of version %s; what this server does not know of them is left out: "
        "update the server",
        address,
        NEXT_SCHEMA,
    )


def _seat(topic: Topic, payload: bytes) -> Seat | None:
    if topic.channel is not Channel.INSPECTION or len(payload) > MAX_DOCUMENT_BYTES:
        return None
    try:
        numbered = _Numbered.model_validate_json(payload)
    except ValidationError:
        return None
    return Seat(topic.address, numbered.boot, numbered.sequence)


def _explain(error: Exception, payload: bytes = b"") -> str:
    """Return why a message is refused, in words for whoever looks through the quarantine."""
    if not isinstance(error, ValidationError):
        return str(error)
    errors = error.errors(include_url=False)
    for each in errors:
        if each["type"] == "json_invalid":
            return _no_json(payload, str(each["ctx"]["error"]))
        if each["loc"] == ("schema",):
            return _other_version(each["input"])
    first = errors[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said}" if where else said


def _no_json(payload: bytes, said: str) -> str:
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        return f"it is no UTF-8, from byte {error.start + 1} on; look at what sends it"
    return f"it is no JSON ({said}); look at what sends it"


def _other_version(said: object) -> str:
    name, _, number = SCHEMA.rpartition("/")
    its_name, _, its_number = str(said)[:100].rpartition("/")
    if its_name == name and its_number.isdecimal() and int(its_number) > int(number):
        return f"it is of a newer version ({name}/{its_number}); update the server"
    return f"schema: it names no {name} that this server reads; look at what sends it"
