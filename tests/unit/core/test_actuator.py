"""What moves the gate, as a line of the settings says it."""

from pathlib import Path

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
    place = parse_actuator('opcua://plc/ns=3;s="Cell"."Gate"?heartbeat=ns=3;i=40')
    assert place == ActuatorPlace(
        "opcua",
        {
            "host": "plc",
            "port": 4840,
            "path": "",
            "node": 'ns=3;s="Cell"."Gate"',
            "heartbeat": "ns=3;i=40",
        },
    )
    place = parse_actuator("opcua://[fe80::1]:4841/cell/1/ns=2;s=Cell?method=ns=2;s=Move")
    assert place is not None
    assert (place.options["host"], place.options["port"]) == ("fe80::1", 4841)
    assert (place.options["path"], place.options["method"]) == ("cell/1", "ns=2;s=Move")
    levels = {"opened": "1", "closed": "0"}
    assert parse_actuator("mqtt:") == ActuatorPlace("mqtt", levels)
    assert parse_actuator("mqtt:press/gate?open=ON&closed=OFF") == ActuatorPlace(
        "mqtt", {"topic": "press/gate", "opened": "ON", "closed": "OFF"}
    )
    assert parse_actuator("gpio:17?active=low") == ActuatorPlace(
        "gpio", {"number": 17, "active_high": False}
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "it is no actuator"),
        ("usb:gate", "it is no actuator"),
        ("mqtt:press/+/gate", r"press/\+/gate is no topic to publish to"),
        ("mqtt:edgeinspect/v1/a/b/c/recorded", "have their own use; write mqtt: without one"),
        ("mqtt:?open=ON&closed=ON", "open and closed are both ON"),
        ("mqtt:?retain=1", "unknown option retain; the options are open, closed"),
        ("gpio:", "not of that form"),
        ("gpio:seventeen", "number: "),
        ("gpio:17?active=up", "active: "),
        ("gpio:17?pull=up", "unknown option pull; the options are active"),
        ("modbus:10.0.0.7/coil/12", "no device is named"),
        ("modbus://10.0.0.7/relay/12", "relay/12 is no coil"),
        ("modbus://10.0.0.7/input/12", "input/12 can only be read"),
        ("modbus://10.0.0.7/coil/12?unit=300", "unit: "),
        ("opcua://10.0.0.7/Gate", "no server and node are named"),
        ("opcua://10.0.0.7:x/i=85", "x is no port"),
        ("opcua://10.0.0.7/ns=2;i=Gate", "ns=2;i=Gate is no node"),
        ("opcua://10.0.0.7/ns=2;s=Gate?method=Move", "Move is no node"),
        ("opcua://10.0.0.7/ns=2;s=Gate?beat=i=1", "unknown option beat"),
        ("opcua://box:hush@10.0.0.7/i=85", "set station.actuator_password"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_in_a_sentence(line: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_actuator(line)
    with pytest.raises(SettingsError, match=r"station\.actuator: .*; mend that value\.$"):
        load_settings(None, {"EDGEINSPECT__STATION__ACTUATOR": line})


def test_a_password_stands_beside_the_line_and_is_never_shown() -> None:
    station = "EDGEINSPECT__STATION__"
    known = {
        f"{station}ACTUATOR": "opcua://10.0.0.7/ns=2;s=Gate",
        f"{station}ACTUATOR_USERNAME": "box",
        f"{station}ACTUATOR_PASSWORD": "hush",
    }
    own = load_settings(None, known).station
    assert own.actuator_password is not None
    assert own.actuator_password.get_secret_value() == "hush"
    assert "hush" not in repr(own)
    del known[f"{station}ACTUATOR_USERNAME"]
    with pytest.raises(SettingsError, match="actuator_password has no user"):
        load_settings(None, known)
    known[f"{station}ACTUATOR"] = "gpio:17"
    with pytest.raises(SettingsError, match="are for an opcua actuator"):
        load_settings(None, known)


def test_what_encrypts_an_opcua_actuator_is_named_whole() -> None:
    known = {
        "EDGEINSPECT__STATION__ACTUATOR": "opcua://10.0.0.7/ns=2;s=Gate",
        "EDGEINSPECT__STATION__ACTUATOR_CERTIFICATE": "gate.pem",
        "EDGEINSPECT__STATION__ACTUATOR_KEY": "gate.key",
    }
    with pytest.raises(SettingsError, match="belong together: name all three, or none"):
        load_settings(None, known)
    known["EDGEINSPECT__STATION__ACTUATOR_SERVER_CERTIFICATE"] = "plc.der"
    assert load_settings(None, known).station.actuator_key == Path("gate.key")
