"""`edgeinspect gate test`, and the gate's line of `doctor`, at a real Modbus server and broker."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509 import load_pem_x509_certificate
from gateway import Gateway
from plc import Plc, plc
from processes import edgeinspect, refusal, settings_file

from edgeinspect.core.modbus import Device, Spot
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station.ledger import Ledger
from edgeinspect.station.wires.modbus import ModbusWire

COIL, HEARTBEAT = Spot("coil", 12), Spot("register", 40)


@pytest.fixture
def device(free_port: Callable[[], int]) -> Iterator[Plc]:
    with plc(free_port()) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, device: Plc) -> Path:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[gate]\ndelay_ms = 100\n", encoding="utf-8")
    line = f"modbus://127.0.0.1:{device.port}/coil/12?heartbeat=40"
    return settings_file(tmp_path, f"[station]\nactuator = '{line}'\nrecipe = '{recipe}'\n")


def _doctor_on_gate(config: Path, tmp_path: Path) -> dict[str, Any]:
    with pytest.raises(subprocess.CalledProcessError) as caught:  # for there is no model
        edgeinspect("doctor", "--config", config, "--data", tmp_path / "data", "--json")
    checks = {each["name"]: each for each in json.loads(caught.value.stdout)}
    found: dict[str, Any] = checks["gate"]
    return found


def test_a_gate_is_moved_by_hand_and_ends_closed(config: Path, tmp_path: Path, device: Plc) -> None:
    options = ("--config", config, "--data", tmp_path / "data")
    moved = json.loads(edgeinspect("gate", "test", "--pause", 0, *options, "--json"))
    assert [move["open"] for move in moved["moves"]] == [True, False] * 3
    assert all(0 < move["took_ms"] < 1000 for move in moved["moves"])
    with closing(ModbusWire(Device("127.0.0.1", device.port))) as wire:
        wire.open()
        assert not wire.read_bit(COIL)
        assert wire.read_register(HEARTBEAT) > 0
    shown = edgeinspect("gate", "test", "--times", 1, "--pause", 0, *options).splitlines()
    assert [line.split()[0] for line in shown] == ["open", "closed"]
    assert all(line.endswith(" ms") for line in shown)


def test_a_certificate_for_opc_ua_is_made_once(tmp_path: Path) -> None:
    said = edgeinspect("gate", "certificate", tmp_path)
    made = load_pem_x509_certificate((tmp_path / "gate.pem").read_bytes())
    assert made.fingerprint(SHA1()).hex().upper() in said
    assert (tmp_path / "gate.key").stat().st_mode & 0o777 == 0o600
    assert "is there already; remove it first" in refusal("gate", "certificate", tmp_path)
    assert "No such file" in refusal("gate", "certificate", tmp_path / "none")


def test_it_is_refused_while_a_station_runs_or_the_gate_is_away(
    config: Path, tmp_path: Path, device: Plc
) -> None:
    options = ("gate", "test", "--config", config, "--data", tmp_path)
    with closing(Ledger(tmp_path / "outbox-station-1.ledger")):
        assert "another station works in this data folder; stop it" in refusal(*options)
    device.switch_off()
    assert "nobody answers; check its power" in refusal(*options)
    assert "no gate is named" in refusal("gate", "test", "--data", tmp_path)


def test_the_doctor_looks_at_the_gate_and_moves_nothing(
    config: Path, tmp_path: Path, device: Plc
) -> None:
    with closing(ModbusWire(Device("127.0.0.1", device.port))) as wire:
        wire.open()
        wire.write(COIL, 1)
        found = _doctor_on_gate(config, tmp_path)
        assert wire.read_bit(COIL)
    assert found["health"] == "ok"
    assert found["found"].endswith("coil/12 is there, and holds 1")
    device.switch_off()
    assert _doctor_on_gate(config, tmp_path)["found"].endswith(
        "check its power, cable, address and port."
    )


def test_a_gate_on_mqtt_is_moved_and_looked_at(tmp_path: Path, broker: MqttSettings) -> None:
    config = settings_file(
        tmp_path, f"[mqtt]\nport = {broker.port}\n[station]\nactuator = 'mqtt:press/gate'\n"
    )
    with Gateway(broker, "press/gate") as gateway:
        options = ("--config", config, "--data", tmp_path)
        edgeinspect("gate", "test", "--times", 1, "--pause", 0, *options)
        gateway.await_level(b"1")
        gateway.await_level(b"0")
        found = _doctor_on_gate(config, tmp_path)
    assert "set delay_ms in its [gate]" in found["found"]
