"""The server as a process: it starts, says what is wrong, and leaves when asked."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic

import cv2
import httpx
import pytest
from processes import refusal, running, settings_file, wait_for_port

from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings

STOPS_WITHIN_S = 4.0  # it takes well under a second on a machine that has nothing else to do


@pytest.fixture
def port(free_port: Callable[[], int]) -> int:
    return free_port()


@pytest.fixture
def config(tmp_path: Path, port: int, broker: MqttSettings) -> Path:
    text = f"[mqtt]\nport = {broker.port}\n[server]\nport = {port}\n"
    return settings_file(tmp_path, text)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_though_somebody_listens(
    config: Path, port: int, tmp_path: Path, number: signal.Signals
) -> None:
    with running("server", "--config", str(config), "--data", str(tmp_path)) as server:
        wait_for_port(port)
        url = f"http://127.0.0.1:{port}/api/v1/live"
        with httpx.Client(trust_env=False) as client, client.stream("GET", url) as stream:
            lines = stream.iter_lines()
            assert next(lines) == ": connected"
            asked_s = monotonic()
            server.send_signal(number)
            list(lines)  # to the end of the stream
            assert server.wait(STOPS_WITHIN_S) == 0
    assert monotonic() - asked_s < STOPS_WITHIN_S


FAULTY = """
import sys
from pathlib import Path
from edgeinspect.api.serve import serve
from edgeinspect.records import receiver
from edgeinspect.settings.load import load_settings

def fault(message):
    raise ZeroDivisionError(message.topic)

receiver.read_document = fault
serve(load_settings(Path(sys.argv[1]), data=Path(sys.argv[1]).parent))
"""


@pytest.fixture
def retained_state(broker: MqttSettings, port: int) -> Iterator[None]:
    """A state that the broker keeps for whoever listens later."""
    topic = str(Topic(StationAddress(station=f"station-{port}"), Channel.STATE))
    delivered = Event()
    link = Link(broker, f"station-{port}", on_delivered=lambda _number: delivered.set())
    link.open()

    def keep(payload: bytes) -> None:
        delivered.clear()
        link.publish(Message(topic, payload, retain=True))
        assert delivered.wait(20)

    keep(b"{}")
    yield
    keep(b"")
    link.close()


@pytest.mark.usefixtures("retained_state")
def test_a_fault_nobody_foresaw_ends_it_rather_than_leave_it_deaf(config: Path) -> None:
    command = [sys.executable, "-c", FAULTY, str(config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "ZeroDivisionError: edgeinspect/v1/" in done.stderr
    assert "ServiceError: a fault ended the recording" in done.stderr


def test_images_are_kept_where_evidence_url_says(
    config: Path, port: int, broker: MqttSettings, tmp_path: Path, picture: Image
) -> None:
    with config.open("a") as settings:
        settings.write('evidence_url = "memory://house/parts"\n')  # a folder would prove less
    image = cv2.imencode(".jpg", picture)[1].tobytes()
    station, heard = StationAddress(station=f"station-{port}"), Event()
    topic = str(Topic(station, Channel.EVIDENCE, digest(image)))
    link = Link(
        broker,
        f"images-{port}",
        subscriptions=(str(Topic(station, Channel.RECORDED)),),
        on_message=lambda _message: heard.set(),
    )
    link.open()
    with closing(link), running("server", "--config", str(config), "--data", str(tmp_path)):
        link.publish(Message(topic, image, retain=True))  # the server may be slower than the broker
        wait_for_port(port)
        assert heard.wait(20), "no watermark followed the image"
        address = f"http://127.0.0.1:{port}/api/v1/evidence/{digest(image)}"
        answer = httpx.get(address, trust_env=False)
        link.publish(Message(topic, b"", retain=True))
    assert (answer.content, answer.headers["content-type"]) == (image, "image/jpeg")
    assert not (tmp_path / "evidence").exists()


def test_a_port_in_use_is_said_in_a_sentence(config: Path, port: int, tmp_path: Path) -> None:
    with running("server", "--config", str(config), "--data", str(tmp_path)):
        wait_for_port(port)
        sentence = refusal("server", "--config", config, "--data", tmp_path)
    assert f"port {port} on 127.0.0.1 cannot be had (Address already in use)" in sentence


def test_an_unusable_database_is_said_in_a_sentence(tmp_path: Path, port: int) -> None:
    text = f'[server]\nport = {port}\ndatabase = "postgresql://u:secret@127.0.0.1:1/x"\n'
    sentence = refusal("server", "--config", settings_file(tmp_path, text), "--data", tmp_path)
    assert "cannot be used" in sentence
    assert "secret" not in sentence
