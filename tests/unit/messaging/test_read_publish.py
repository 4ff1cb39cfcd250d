"""A PUBLISH of MQTT 5 is read as it was written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edgeinspect.messaging.swift_client import Heard, read_publish

NUMBERS = st.integers(1, 65_535)
TOPICS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100)


@given(TOPICS, st.binary(max_size=300), st.integers(0, 1), st.booleans(), NUMBERS)
def test_without_properties(topic: str, payload: bytes, qos: int, retain: bool, mid: int) -> None:
    heard = read_publish(*_written(topic, payload, qos, retain, mid, b"\x00"))
    assert heard == Heard(topic, payload, qos, retain, mid if qos else 0, None)


@given(st.text(st.characters(categories=["L", "N", "P"])), st.binary(max_size=300))
def test_with_properties(content_type: str, payload: bytes) -> None:
    said: Any = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    said.ContentType, said.MessageExpiryInterval = content_type, 7
    heard = read_publish(*_written("a/b", payload, 1, False, 9, said.pack()))
    assert heard[:5] == ("a/b", payload, 1, False, 9)
    assert getattr(heard.properties, "ContentType", None) == content_type
    assert getattr(heard.properties, "MessageExpiryInterval", None) == 7


CUT_OFF = (b"", b"\x00", b"\x00\x03a/b", b"\x00\x03a/b\x00")


@pytest.mark.parametrize("packet", [*CUT_OFF, b"\x00\x01\xff"])
def test_what_is_cut_off_or_no_text_is_an_error(packet: bytes) -> None:
    with pytest.raises((IndexError, UnicodeDecodeError)):
        read_publish(0x32, packet)


def _written(
    topic: str, payload: bytes, qos: int, retain: bool, mid: int, properties: bytes
) -> tuple[int, bytes]:
    name = topic.encode()
    number = mid.to_bytes(2, "big") if qos else b""
    header = 0x30 | qos << 1 | retain
    return header, len(name).to_bytes(2, "big") + name + number + properties + payload
