"""What a gateway hears of the gate from every broker, above all when nobody speaks any more."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from socket import create_server

import psutil
import pytest
from gateway import Gateway

from edgeinspect.core.errors import WireError
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station.gate.mqtt_output import MqttOutput
from edgeinspect.station.gate.outputs import Output, OutputPlace

TOPIC = "press/gate"
OPENED, CLOSED = b"1", b"0"
WAIT_S = 20.0
SPEAKING = """
import subprocess, sys, time
guard = subprocess.Popen([sys.executable, "-m", "edgeinspect.station.gate.guard"],
                         stdin=subprocess.PIPE, start_new_session=True)
guard.stdin.write(sys.argv[1].encode() + b"\\n")
print(guard.pid, flush=True)
while True:
    guard.stdin.write(b'{"do": "beat", "held": false}\\n')
    guard.stdin.flush()
    time.sleep(0.1)
"""


def _output(broker: MqttSettings, **options: str) -> Output:
    named = {"topic": TOPIC, "client_id": "gate", "broker": {"port": broker.port}}
    return OutputPlace("mqtt", named | options).output()


def test_whoever_comes_late_hears_closed_until_open_is_said_again(any_broker: MqttSettings) -> None:
    with closing(_output(any_broker)) as output:
        output.open()
        output.write(False)
        output.write(True)
        with Gateway(any_broker, TOPIC) as late:
            assert late.await_level(CLOSED), "it was not retained"
            assert not late.lets_through()
            output.write(True)
            assert late.lets_through()


def test_a_gate_let_go_while_open_is_closed_for_all_times(any_broker: MqttSettings) -> None:
    with Gateway(any_broker, TOPIC) as gateway:
        with closing(_output(any_broker)) as output:
            output.open()
            output.write(True)
            assert gateway.lets_through()
        gateway.await_level(CLOSED)
        assert not gateway.lets_through()
    with Gateway(any_broker, TOPIC) as late:
        assert late.await_level(CLOSED), "the will was not retained"


def test_the_words_for_open_and_closed_are_the_gateways(any_broker: MqttSettings) -> None:
    with (
        Gateway(any_broker, TOPIC, b"ON") as gateway,
        closing(_output(any_broker, opened="ON", closed="OFF")) as output,
    ):
        output.open()
        output.write(True)
        assert gateway.lets_through()
        output.write(False)
        gateway.await_level(b"OFF")


def _guard_of(speaking: "subprocess.Popen[bytes]") -> psutil.Process:
    assert speaking.stdout is not None
    return psutil.Process(int(speaking.stdout.readline()))


@pytest.mark.fault
def test_a_station_and_a_guard_killed_at_once_close_the_gate(
    any_broker: MqttSettings, station: Callable[[MqttSettings], "subprocess.Popen[bytes]"]
) -> None:
    with Gateway(any_broker, TOPIC) as gateway:
        speaking = station(any_broker)
        guard = _guard_of(speaking)
        gateway.await_level(OPENED)
        speaking.send_signal(signal.SIGSTOP)  # so that it can do nothing about the other's end
        guard.kill()
        speaking.kill()
        gateway.await_level(CLOSED)
        assert not gateway.lets_through()


@pytest.mark.fault
def test_a_guard_that_stands_still_closes_the_gate(
    any_broker: MqttSettings, station: Callable[[MqttSettings], "subprocess.Popen[bytes]"]
) -> None:
    with Gateway(any_broker, TOPIC) as gateway:
        guard = _guard_of(station(any_broker))
        gateway.await_level(OPENED)
        guard.suspend()
        try:
            gateway.await_level(CLOSED)
        finally:
            guard.resume()
        gateway.await_level(OPENED)


@pytest.fixture
def station() -> Iterator[Callable[[MqttSettings], "subprocess.Popen[bytes]"]]:
    """Start what speaks for a station to a guard of its own, whose number it says."""
    started: list[subprocess.Popen[bytes]] = []

    def start(broker: MqttSettings) -> "subprocess.Popen[bytes]":
        named = {"topic": TOPIC, "client_id": "gate", "broker": {"port": broker.port}}
        watch = {"kind": "mqtt", "options": named, "rests_open": True, "watchdog_s": 60.0}
        command = [sys.executable, "-c", SPEAKING, json.dumps(watch)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        with process:
            process.kill()


def test_a_broker_that_is_away_or_silent_is_told(free_port: Callable[[], int]) -> None:
    output = MqttOutput(TOPIC, "gate", {"port": free_port()})
    with pytest.raises(WireError, match=r"broker 127\.0\.0\.1:\d+: cannot be reached"):
        output.open()
    with pytest.raises(WireError, match="is not connected; open it first"):
        output.write(False)
    with create_server(("127.0.0.1", 0)) as silent:
        output = MqttOutput(TOPIC, "gate", {"port": silent.getsockname()[1]})
        with pytest.raises(WireError, match="does not answer within 1 s"):
            output.open()


def test_a_ca_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    output = MqttOutput(TOPIC, "gate", {"ca_file": str(tmp_path / "gone.crt")})
    with pytest.raises(WireError, match="cannot be used as CA certificate"):
        output.open()
