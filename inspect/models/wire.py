"""How much a model file holds, counted on its bytes before any of it is built in memory.

Two bytes of a file can become a hundred in memory; a model of 40 MB would take 3 GB to parse.
Protobuf's encoding: https://protobuf.dev/programming-guides/encoding/
"""

from dataclasses import dataclass

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError

from ..core.errors import ModelError

MOST_FIELDS = 60_000
"""In all messages of a file together; a taught model has some 3,000, a large detector 20,000."""
MOST_LIST_BYTES = 65_536
"""Of numbers in all lists together; weights are not lists but raw bytes, which parse to
themselves."""
MOST_NAME_BYTES = 4_000_000
"""Of all names and comments together."""
MOST_TEXT_BYTES = 12_000_000
"""Of all texts that ride with the graph; the largest references we write have 5 MB."""
MOST_VALUES = 10_000
"""In one such text, which is JSON; the references of a detector have some 2,000."""

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_LARGEST_KEY = 2**32 - 1
_TEXTS = "onnx.StringStringEntryProto"


@dataclass(slots=True)
class Tally:
    """What was met so far; each count raises ModelError when that is too much."""

    fields: int = 0
    list_bytes: int = 0
    name_bytes: int = 0
    text_bytes: int = 0

    def count(self, field: FieldDescriptor | None) -> None:
        """Count a field; None is one that ONNX does not know."""
        self.fields += 1
        if field is None:
            raise ModelError("holds fields that are not ONNX")
        if self.fields > MOST_FIELDS:
            raise ModelError(f"holds more than {MOST_FIELDS} fields")

    def count_list(self, size_bytes: int) -> None:
        """Count a list of numbers."""
        self.list_bytes += size_bytes
        if self.list_bytes > MOST_LIST_BYTES:
            raise ModelError("keeps long lists of numbers outside its weights")

    def count_string(self, string: bytes, kind: Descriptor) -> None:
        """Count a string of a message of `kind`. Raises DecodeError when it is not UTF-8."""
        if kind.full_name == _TEXTS:
            self.text_bytes += len(string)
        else:
            self.name_bytes += len(string)
        if self.text_bytes > MOST_TEXT_BYTES or self.name_bytes > MOST_NAME_BYTES:
            raise ModelError("holds texts or names that are too long")
        try:
            string.decode()
        except UnicodeDecodeError:
            raise DecodeError("a text that is not UTF-8") from None


def check_wire(content: bytes, kind: Descriptor) -> None:
    """Raise ModelError when `content`, a message of `kind`, holds too much; else DecodeError
    when it is no message at all.
    """
    tally = Tally()
    spans = [(0, len(content), kind)]
    while spans:
        place, end, kind = spans.pop()
        while place < end:
            key, place = _varint(content, place)
            start, place = _value(content, place, key & 7)
            if place > end or key > _LARGEST_KEY:
                raise DecodeError("a field that its message cannot hold")
            field = kind.fields_by_number.get(key >> 3)
            tally.count(field)
            if field is not None and key & 7 == _LENGTH:
                if field.message_type is not None:
                    spans.append((start, place, field.message_type))
                elif field.type == FieldDescriptor.TYPE_STRING:
                    tally.count_string(content[start:place], kind)
                elif field.type != FieldDescriptor.TYPE_BYTES:
                    tally.count_list(place - start)


def check_text(text: str) -> None:
    """Raise ModelError when a text, if it is JSON, holds too many values to be parsed."""
    if sum(text.count(sign) for sign in ",[{") > MOST_VALUES:
        raise ModelError(f"holds a text of more than {MOST_VALUES} values")


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
