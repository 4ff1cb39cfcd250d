"""What moves the gate, as a line of the settings says it."""

import pytest

from edgeinspect.core.actuator import ActuatorPlace, parse_actuator
from edgeinspect.core.errors import SettingsError
from edgeinspect.settings.load import load_settings


def test_a_plc_and_a_pin_are_named_in_one_line() -> None:
    assert parse_actuator("none") is None
    assert parse_actuator("modbus://10.0.0.7/coil/12") == ActuatorPlace(
        "modbus", {"host": "10.0.0.7", "port": 502, "unit": 1, "spot": "coil/12"}
    )
    place = parse_actuator("modbus://plc:1502/register/3?unit=7&heartbeat=40")
    assert place is not None
    assert place.options == {
        "host": "plc",
        "port": 1502,
        "unit": 7,
        "spot": "register/3",
        "heartbeat": 40,
    }
    assert parse_actuator("gpio:17?active=low") == ActuatorPlace(
        "gpio", {"number": 17, "active_high": False}
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "it is no actuator"),
        ("mqtt:gate", "it is no actuator"),
        ("gpio:", "not of that form"),
        ("gpio:seventeen", "number: "),
        ("gpio:17?active=up", "active: "),
        ("gpio:17?pull=up", "unknown option pull; the options are active"),
        ("modbus:10.0.0.7/coil/12", "no device is named"),
        ("modbus://10.0.0.7/relay/12", "relay/12 is no coil"),
        ("modbus://10.0.0.7/input/12", "input/12 can only be read"),
        ("modbus://10.0.0.7/coil/12?unit=300", "unit: "),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_in_a_sentence(line: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_actuator(line)
    with pytest.raises(SettingsError, match=r"station\.actuator: .*; mend that value\.$"):
        load_settings(None, {"EDGEINSPECT__STATION__ACTUATOR": line})
