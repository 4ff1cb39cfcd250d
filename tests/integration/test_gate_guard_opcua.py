"""The guard of the gate as a process, at a real OPC UA server."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import create_server
from time import monotonic
from typing import Any

from opcua_plc import GATE, opcua_plc

from edgeinspect.station.gate.keeper import FAREWELL_S, GUARD

BEAT = "ns=2;s=Beat"
OPEN = '{"do": "beat", "held": false}'
WAIT_S = 30.0


@contextmanager
def _guard(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    options = {"host": "127.0.0.1", "port": port, "path": "", "node": GATE, "heartbeat": BEAT}
    watch = {"kind": "opcua", "options": options, "rests_open": True, "watchdog_s": 60.0}
    with subprocess.Popen(
        [sys.executable, "-m", GUARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        process.stdin.write(f"{json.dumps(watch)}\n{OPEN}\n".encode())
        process.stdin.flush()
        yield process


def _hear(process: "subprocess.Popen[bytes]", is_it: Callable[[dict[str, Any]], bool]) -> Any:
    assert process.stdout
    while not is_it(said := json.loads(process.stdout.readline())):
        pass
    return said


def test_a_server_that_was_away_finds_the_level_anew_and_the_end_closes(
    free_port: Callable[[], int],
) -> None:
    with opcua_plc(free_port()) as device, _guard(device.port) as guard:
        _hear(guard, lambda said: bool(said.get("open")))
        assert device.value()
        device.switch_off()
        trouble = _hear(guard, lambda said: said["said"] == "trouble" and said["text"])
        assert f"OPC UA 127.0.0.1:{device.port}: " in trouble["text"]
        device.switch_on()
        _hear(guard, lambda said: bool(said.get("open")))
        assert device.value()
        assert device.value(BEAT) > 0
        assert guard.stdin
        guard.stdin.close()
        assert guard.wait(WAIT_S) == 0
        assert not device.value()


def test_a_server_that_takes_connections_and_says_nothing_keeps_no_guard_from_ending() -> None:
    with create_server(("127.0.0.1", 0)) as silent, _guard(silent.getsockname()[1]) as guard:
        trouble = _hear(guard, lambda said: said["said"] == "trouble" and said["text"])
        assert "does not answer" in trouble["text"]
        assert guard.stdin
        began_s = monotonic()
        guard.stdin.close()
        assert guard.wait(WAIT_S) == 0
        assert monotonic() - began_s < 2 * FAREWELL_S, "the machine of a test may be busy"
