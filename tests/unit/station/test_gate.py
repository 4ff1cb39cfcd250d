"""Which gate a station has, and what it makes of what the guard tells."""

import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from edgeinspect.core.errors import SettingsError
from edgeinspect.core.opcua import OpcuaIdentity
from edgeinspect.core.recipe import GateTiming, Recipe
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.settings.station import StationSettings
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station.gate.gate import NEVER_MOVES, NoGate, check_same_unit, check_timed, gate_of
from edgeinspect.station.gate.place import output_place
from edgeinspect.station.gate.tally import CALM_S, Tally

ANNOUNCER: Any = None
OWN = StationSettings(actuator="modbus://127.0.0.1:1/coil/12", model=Path("x"))
MOVED = Settings(station=OWN)


@pytest.mark.parametrize("purpose", NEVER_MOVES)
def test_commissioning_and_replay_move_nothing_and_say_so(
    purpose: Purpose, caplog: pytest.LogCaptureFixture
) -> None:
    own = OWN.model_copy(update={"purpose": purpose})
    with caplog.at_level(logging.WARNING):
        gate = gate_of(Settings(station=own), Recipe(gate=GateTiming(delay_ms=100)), ANNOUNCER)
    assert isinstance(gate, NoGate)
    assert f"the purpose is {purpose}: {own.actuator} is not moved" in caplog.text


def test_a_gate_whose_time_nobody_named_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"set delay_ms in its \[gate\]"):
        gate_of(MOVED, Recipe(), ANNOUNCER)


BY_TIME = Recipe(name="timed", gate=GateTiming(delay_ms=100))
BY_COUNT = Recipe(name="counted", gate=GateTiming(delay_counts=100, hold_counts=20))
WITH_ENCODER = OWN.model_copy(update={"encoder": "gpio:17"})


def test_a_recipe_by_counts_wants_an_encoder() -> None:
    with pytest.raises(SettingsError, match=r"set station\.encoder, or delay_ms in its \[gate\]"):
        check_timed(OWN, BY_COUNT)
    check_timed(WITH_ENCODER, BY_COUNT)
    check_timed(WITH_ENCODER, BY_TIME)


def test_no_changeover_between_time_and_counts_where_a_gate_is_moved() -> None:
    check_same_unit(WITH_ENCODER, BY_TIME, BY_TIME)
    check_same_unit(StationSettings(), BY_TIME, BY_COUNT)
    with pytest.raises(SettingsError, match="recipe counted times the gate by delay_counts, and"):
        check_same_unit(WITH_ENCODER, BY_TIME, BY_COUNT)
    with pytest.raises(SettingsError, match=r"by delay_ms, and counted, .*restart the station"):
        check_same_unit(WITH_ENCODER, BY_COUNT, BY_TIME)


def test_a_belt_out_of_sight_is_told_and_counted_once() -> None:
    tally = Tally()
    tally.note({"said": "lost", "text": "the PLC is away."}, 0)
    tally.note({"said": "moved", "open": False, "due_s": 3.0, "done_s": 3.004}, 3)
    tally.note({"said": "lost", "text": "the belt has to move on."}, 4)
    assert tally.trouble(4) == "the belt has to move on."
    assert tally.health().failed == 1
    tally.note({"said": "lost", "text": None}, 5)
    assert tally.trouble(5) is None
    tally.note({"said": "late", "part": 7, "late_counts": 12.4}, 5)
    assert str(tally.trouble(5)).startswith("a verdict came 12 counts after its part")
    assert "raise delay_counts of the recipe" in str(tally.trouble(5))


def test_trouble_is_one_sentence_and_taken_back() -> None:
    tally = Tally()
    assert tally.trouble(0) is None
    tally.note({"said": "late", "part": 7, "late_s": 0.03}, 0)
    assert "a verdict came 30 ms after its part was at the gate" in str(tally.trouble(1))
    tally.note({"said": "trouble", "text": "the PLC is away."}, 2)
    tally.note_stuck(True, 2)
    assert tally.trouble(2) == "the PLC is away."
    tally.note({"said": "moved", "open": False, "due_s": 3.0, "done_s": 3.004}, 3)
    assert "a part takes longer than 2 s" in str(tally.trouble(3))
    tally.note_stuck(False, 2)
    assert tally.trouble(CALM_S) is None
    tally.note_standstill(3.04, CALM_S)
    assert "the station stood still for 3.0 s" in str(tally.trouble(CALM_S))
    tally.note_guard_ended(-9)
    assert "ended (-9)" in str(tally.trouble(CALM_S))
    health = tally.health()
    assert (health.late, health.failed) == (1, 3)
    assert health.move_p99_ms == pytest.approx(4)


def test_what_moves_a_gate_on_mqtt_has_a_topic_and_the_settings_of_the_broker() -> None:
    own = StationSettings(name="station-7", actuator="mqtt:")
    mqtt = MqttSettings(username="station-7", password=SecretStr("hush"))
    place = output_place(Settings(station=own, mqtt=mqtt))
    assert place is not None
    assert place.options["topic"] == "edgeinspect/v1/site/line-1/station-7/gate"
    assert MqttSettings.model_validate(place.options["broker"]) == mqtt
    own = StationSettings(actuator="mqtt:press/gate")
    place = output_place(Settings(station=own))
    assert place is not None
    assert place.options["topic"] == "press/gate"


def test_who_moves_a_gate_by_opc_ua_is_known_by_the_settings() -> None:
    own = StationSettings(
        actuator="opcua://plc/i=3", actuator_username="box", actuator_password=SecretStr("hush")
    )
    place = output_place(Settings(station=own))
    assert place is not None
    assert OpcuaIdentity(**place.options["identity"]) == OpcuaIdentity("box", "hush")
    assert output_place(Settings()) is None


def test_the_gate_of_a_station_that_joins_views_must_not_rest_open() -> None:
    own = StationSettings(camera="views:top,side", actuator="gpio:17")
    recipe = Recipe(name="r", gate=GateTiming(delay_ms=100))
    with pytest.raises(SettingsError, match='set rests = "closed" in its'):
        check_timed(own, recipe)
    check_timed(own, Recipe(name="r", gate=GateTiming(delay_ms=100, rests="closed")))


@pytest.mark.parametrize("rejects", [(Verdict.FAIL,), (Verdict.REVIEW,)])
def test_the_gate_of_a_station_that_joins_views_opens_for_passed_parts_alone(
    rejects: tuple[Verdict, ...],
) -> None:
    timing = GateTiming.model_validate({"delay_ms": 100, "rests": "closed", "rejects": rejects})
    recipe = Recipe(name="r", gate=timing)
    with pytest.raises(SettingsError, match="leave rejects out"):
        check_timed(StationSettings(camera="views:top,side", actuator="gpio:17"), recipe)
    check_timed(StationSettings(camera="usb:0", actuator="gpio:17"), recipe)
