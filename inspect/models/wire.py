"""How much a protobuf message holds, counted on its bytes before any of it is built in memory.

Two bytes of a file can become a hundred in memory; a model of 40 MB would take 3 GB to parse.
The encoding: https://protobuf.dev/programming-guides/encoding/
"""

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError

from ..core.errors import ModelError

MOST_FIELDS = 30_000
"""In all messages of a file together; one of ours has some 3,000."""
MOST_PACKED_BYTES = 4096
"""Of numbers in one list; weights are not lists but raw bytes, which parse to themselves."""

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_BYTES = (FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_STRING)


def check_wire(content: bytes, kind: Descriptor) -> None:
    """Raise ModelError when `content`, a message of `kind`, holds too much; else DecodeError
    when it is no message at all.
    """
    fields = 0
    spans = [(0, len(content), kind)]
    while spans:
        place, end, kind = spans.pop()
        while place < end:
            fields += 1
            if fields > MOST_FIELDS:
                raise ModelError(f"holds more than {MOST_FIELDS} fields")
            key, place = _varint(content, place)
            start, place = _value(content, place, key & 7)
            if place > end:
                raise DecodeError("a field is longer than its message")
            if key & 7 == _LENGTH:
                field = kind.fields_by_number.get(key >> 3)
                if field is not None and field.message_type is not None:
                    spans.append((start, place, field.message_type))
                elif field is not None and field.type not in _BYTES:
                    _check_packed(place - start)


def _check_packed(size_bytes: int) -> None:
    if size_bytes > MOST_PACKED_BYTES:
        raise ModelError("keeps a long list of numbers outside its weights")


def _value(content: bytes, place: int, wire_type: int) -> tuple[int, int]:
    """Return where a field's value starts and ends."""
    if wire_type == _VARINT:
        return place, _varint(content, place)[1]
    if wire_type == _LENGTH:
        length, start = _varint(content, place)
        return start, start + length
    if wire_type in (_EIGHT_BYTES, _FOUR_BYTES):
        return place, place + (8 if wire_type == _EIGHT_BYTES else 4)
    raise DecodeError("a field of an unknown kind")


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """Return the number at `place` and where the next field starts."""
    number = 0
    for shift, byte in enumerate(content[place : place + 10]):
        number |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return number, place + shift + 1
    raise DecodeError("a number without an end")
