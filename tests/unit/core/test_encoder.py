"""What counts the way of the belt, as a line of the settings says it."""

import pytest

from edgeinspect.core.encoder import PIN_BITS, EncoderPlace, parse_encoder
from edgeinspect.core.errors import SettingsError
from edgeinspect.settings.load import load_settings


def test_a_counter_and_a_pin_are_named_in_one_line() -> None:
    place = {"host": "10.0.0.7", "port": 502, "unit": 1, "spot": "input-register/40"}
    assert parse_encoder("modbus://10.0.0.7/input-register/40") == EncoderPlace(
        "modbus", place | {"words": 1, "low_first": False}, bits=16, poll_s=0.01, jitter=2
    )
    line = "modbus://plc:1502/register/3?unit=7&bits=32&first=low&poll_ms=5&jitter=0"
    place = {"host": "plc", "port": 1502, "unit": 7, "spot": "register/3"}
    assert parse_encoder(line) == EncoderPlace(
        "modbus", place | {"words": 2, "low_first": True}, bits=32, poll_s=0.005, jitter=0
    )
    assert parse_encoder("gpio:17?active=low") == EncoderPlace(
        "gpio", {"number": 17, "active_high": False}, bits=PIN_BITS, poll_s=0.01, jitter=0
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "it is no encoder"),
        ("usb:wheel", "it is no encoder"),
        ("gpio:", "not of that form"),
        ("gpio:17?bits=16", "unknown option bits; the options are active, poll_ms"),
        ("modbus:10.0.0.7/register/12", "no device is named"),
        ("modbus://10.0.0.7/wheel/12", "wheel/12 is no coil"),
        ("modbus://10.0.0.7/input/40", "input/40 is one bit; name a register"),
        ("modbus://10.0.0.7/register/40?bits=24", "bits: "),
        ("modbus://10.0.0.7/register/40?poll_ms=0", "poll_ms: "),
        ("modbus://10.0.0.7/register/40?first=middle", "first: "),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_in_a_sentence(line: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_encoder(line)
    with pytest.raises(SettingsError, match=r"station\.encoder: .*; mend that value\.$"):
        load_settings(None, {"EDGEINSPECT__STATION__ENCODER": line})
