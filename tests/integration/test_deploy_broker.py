"""The Mosquitto that `deploy/` ships starts, and keeps strangers out."""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import httpx
import paho.mqtt.client as paho
import psutil
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode
from processes import edgeinspect, running, wait_for_port
from pydantic import SecretStr
from required import missing
from shipped_mosquitto import shipped_mosquitto

from edgeinspect.core.clock import utc_now
from edgeinspect.core.command import Pause
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.errors import MessagingError
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging.asker import ask
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic, audit_head
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station.announcer import Announcer
from edgeinspect.station.commands import CommandDesk
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Counts
from edgeinspect.station.tap import Tap

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "edgeinspect.toml"
PASSWORDS = {"server": "of-server", "station-1": "of-one", "station-2": "of-two"}
ONE, TWO = (StationAddress(station=name) for name in ("station-1", "station-2"))
DENIED = "Not authorized"
WAIT_S = 10.0


@pytest.fixture(scope="module", params=["box.conf", "container.conf"])
def port(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    free_port: Callable[[], int],
) -> Iterator[int]:
    """The port of a Mosquitto as shipped for a box, and as shipped for a container."""
    chosen = free_port()
    folder = tmp_path_factory.mktemp("mosquitto")
    with shipped_mosquitto(folder, PASSWORDS, {request.param: chosen}):
        yield chosen


class Client:
    """A connected client; `answers` holds the broker's word on each thing asked of it."""

    def __init__(self, port: int, user: str | None, *topics: str, password: str | None = None):
        self.answers: Queue[str] = Queue()
        self.arrived: Queue[tuple[str, bytes]] = Queue()
        self._client = _paho_client(self.answers, self.arrived)
        if user is not None:
            self._client.username_pw_set(user, password or PASSWORDS[user])
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self.connected = self.answers.get(timeout=WAIT_S)
        for topic in topics:
            self._client.subscribe(topic, qos=1)
            self.answers.get(timeout=WAIT_S)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, topic: Topic | str, payload: bytes) -> str:
        """Publish, and return what the broker says to it."""
        self._client.publish(str(topic), payload, qos=1)
        return self.answers.get(timeout=WAIT_S)


def _paho_client(answers: Queue[str], arrived: Queue[tuple[str, bytes]]) -> paho.Client:
    # Callbacks that held the Client would make a cycle, and its sockets would outlive the test.
    def on_connect(_c: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        answers.put(str(reason))

    def on_publish(_c: Any, _data: Any, _number: int, reason: ReasonCode, _props: Any) -> None:
        answers.put(str(reason))

    def on_subscribe(_c: Any, _data: Any, _number: int, reasons: Any, _properties: Any) -> None:
        answers.put(str(reasons[0]))

    def on_message(_c: Any, _data: Any, message: paho.MQTTMessage) -> None:
        arrived.put((message.topic, bytes(message.payload)))

    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_connect, client.on_publish = on_connect, on_publish
    client.on_subscribe, client.on_message = on_subscribe, on_message
    return client


def test_a_station_reports_under_its_own_name(port: int) -> None:
    topics = [
        Topic(ONE, Channel.INSPECTION),
        Topic(ONE, Channel.VERDICT),
        Topic(ONE, Channel.EVIDENCE, "a" * 64),
        Topic(ONE, Channel.STATE),
        Topic(ONE, Channel.HEALTH),
        Topic(ONE, Channel.REPLY),
        Topic(ONE, Channel.GATE),
    ]
    with Client(port, "server", "edgeinspect/v1/#") as server, Client(port, "station-1") as one:
        assert [one.say(topic, b"said") for topic in topics] == ["Success"] * len(topics)
        arrived = [server.arrived.get(timeout=WAIT_S) for _ in topics]
    assert arrived == [(str(topic), b"said") for topic in topics]


@pytest.mark.parametrize(
    "topic",
    [
        Topic(TWO, Channel.INSPECTION),
        Topic(TWO, Channel.VERDICT),
        Topic(TWO, Channel.EVIDENCE, "a" * 64),
        Topic(TWO, Channel.STATE),
        Topic(TWO, Channel.RECORDED),
        Topic(ONE, Channel.RECORDED),
        Topic(TWO, Channel.REPLY),
        Topic(TWO, Channel.GATE),
        Topic(TWO, Channel.COMMAND),
        Topic(ONE, Channel.COMMAND),
    ],
    ids=str,
)
def test_a_station_cannot_speak_for_another_nor_for_the_server(port: int, topic: Topic) -> None:
    own = Topic(ONE, Channel.INSPECTION)
    with Client(port, "server", "edgeinspect/v1/#") as server, Client(port, "station-1") as one:
        assert one.say(topic, b"forged") == DENIED
        assert one.say(own, b"true") == "Success"
        assert server.arrived.get(timeout=WAIT_S) == (str(own), b"true")


@pytest.mark.parametrize("channel", [Channel.RECORDED, Channel.COMMAND])
def test_a_station_hears_what_is_said_to_it_and_to_no_other(port: int, channel: Channel) -> None:
    with Client(port, "server") as server, Client(port, "station-1", "#") as one:
        assert server.say(Topic(TWO, channel), b"to two") == "Success"
        assert server.say(Topic(TWO, Channel.REPLY), b"of two") == DENIED
        assert server.say(Topic(ONE, channel), b"to one") == "Success"
        arrived = one.arrived.get(timeout=WAIT_S)
    assert arrived == (str(Topic(ONE, channel)), b"to one")


def test_a_station_is_asked_with_the_servers_password_and_answers(
    port: int, tmp_path: Path
) -> None:
    server, station = (
        MqttSettings(port=port, username=name, password=SecretStr(PASSWORDS[name]))
        for name in ("server", "station-1")
    )
    with closing(Outbox(tmp_path / "outbox.sqlite3")) as outbox:
        announcer = Announcer(outbox, ONE, station)
        desk = CommandDesk(Tap(), announcer, ONE, station)
        announcer.open()
        desk.open()
        try:
            done = ask(server, ONE, _pause(), WAIT_S)
            with pytest.raises(MessagingError, match="station-1 may not publish to"):
                ask(station, ONE, _pause(), WAIT_S)
        finally:
            desk.close()
            announcer.close()
    assert (done.station.mode, done.station.reason) == (StationMode.PAUSED, "paused by test")


def _pause() -> Pause:
    return Pause(id=new_id(), by="test", expires_at=utc_now() + timedelta(seconds=WAIT_S))


def test_the_server_alone_says_where_the_audit_log_ends(port: int) -> None:
    topic = audit_head("site")
    with Client(port, "server", topic) as server, Client(port, "station-1") as one:
        assert one.say(topic, b"forged") == DENIED
        assert server.say(topic, b"true") == "Success"
        assert server.arrived.get(timeout=WAIT_S) == (topic, b"true")


def test_a_station_that_joins_views_hears_those_and_says_nothing_for_them(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    chosen, passwords = free_port(), {"server": "s", "verdict": "v", "top": "t", "back": "b"}
    top, back, own = (StationAddress(station=name) for name in ("top", "back", "verdict"))
    with (
        shipped_mosquitto(tmp_path, passwords, {"box.conf": chosen}, uncommented="verdict"),
        Client(chosen, "verdict", "#", password="v") as verdict,
        Client(chosen, "top", "#", password="t") as view,
        Client(chosen, "back", password="b") as other,
    ):
        for channel in (Channel.VERDICT, Channel.STATE):
            assert other.say(Topic(back, channel), b"not for it") == "Success"
            assert view.say(Topic(top, channel), b"seen") == "Success"
            assert verdict.arrived.get(timeout=WAIT_S) == (str(Topic(top, channel)), b"seen")
        assert verdict.say(Topic(top, Channel.VERDICT), b"forged") == DENIED
        assert verdict.say(Topic(own, Channel.VERDICT), b"joined") == "Success"
        assert view.arrived.empty()


def test_nobody_enters_without_the_right_password(port: int) -> None:
    with Client(port, None) as stranger:
        assert stranger.connected == DENIED
    with Client(port, "station-1", password="guessed") as guesser:
        assert guesser.connected == DENIED


@dataclass(frozen=True, slots=True)
class Box:
    """A box that is set up by the shipped example, in a folder and on ports of a test."""

    folder: Path
    broker_port: int
    server_port: int

    def check_recorded(self) -> None:
        """Hold what the station inspected against what it heard to be recorded."""
        outbox = Outbox(self.folder / "outbox-station-1.sqlite3")
        assert [*outbox.counts().values()] == [Counts(inspected=12, published=12, recorded=12)]
        outbox.close()


@pytest.fixture
def box(
    tmp_path: Path,
    free_port: Callable[[], int],
    sample: Path,
    washer_model: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Box:
    made = Box(tmp_path, free_port(), free_port())
    places = {
        "DATA": made.folder,
        "MQTT__PORT": made.broker_port,
        "SERVER__PORT": made.server_port,
        "STATION__CAMERA": f"folder:{sample / 'test' / 'stain'}?rate=0",
        "STATION__MODEL": washer_model,
    }
    for key, value in places.items():
        monkeypatch.setenv(f"EDGEINSPECT__{key}", str(value))
    return made


def test_a_box_with_passwords_records_every_part(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    with shipped_mosquitto(box.folder, PASSWORDS, {"box.conf": box.broker_port}):
        _sign_in(monkeypatch, "server")
        with running("server", "--config", str(EXAMPLE)):
            wait_for_port(box.server_port)
            _sign_in(monkeypatch, "station-1")
            edgeinspect("station", "--config", EXAMPLE)  # ends when everything is recorded
    box.check_recorded()


def test_a_station_that_is_not_let_in_loses_nothing_and_is_named(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEINSPECT__BROKER__KIND", "mosquitto")
    with shipped_mosquitto(box.folder, PASSWORDS, {"box.conf": box.broker_port}):
        _sign_in(monkeypatch, "server")
        with running("server", "--config", str(EXAMPLE)):
            wait_for_port(box.server_port)
            _sign_in(monkeypatch, "station-1")
            monkeypatch.setenv("EDGEINSPECT__MQTT__PASSWORD", "guessed")
            with pytest.raises(subprocess.CalledProcessError) as caught:
                edgeinspect("doctor", "--json", "--config", EXAMPLE)
            (check,) = (
                each for each in json.loads(caught.value.stdout) if each["name"] == "broker"
            )
            assert check["health"] == "bad"
            assert "user station-1 or the password is wrong" in check["found"]
            assert check["found"].endswith("with mosquitto_passwd")
            with running("station", "--config", str(EXAMPLE)) as station:
                _wait_for_refusal(box.server_port)
                _set_password(box.folder, "station-1", "guessed")
                assert station.wait(60) == 0  # everything is recorded
    box.check_recorded()


def _wait_for_refusal(port: int) -> None:
    """Wait until the server's API says that somebody was turned away, and from where."""
    pause, texts = Event(), []
    for _ in range(600):
        answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/broker/refusals", trust_env=False)
        texts = [line["text"] for line in answer.json()["items"]]
        if any("not authorised" in text and "from 127.0.0.1:" in text for text in texts):
            return
        pause.wait(0.1)
    raise TimeoutError(f"nobody was turned away; the broker said {texts}")


def _set_password(folder: Path, user: str, password: str) -> None:
    passwords = str(folder / "passwords")
    subprocess.run(["mosquitto_passwd", "-b", passwords, user, password], check=True)
    for process in psutil.Process().children(recursive=True):
        if "mosquitto" in process.name():
            process.send_signal(signal.SIGHUP)


def _sign_in(monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    monkeypatch.setenv("EDGEINSPECT__MQTT__USERNAME", user)
    monkeypatch.setenv("EDGEINSPECT__MQTT__PASSWORD", PASSWORDS[user])


def test_a_station_on_another_box_comes_in_by_tls(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    ca_file = _make_certificate(tmp_path / "tls")
    ports = {"box.conf": free_port(), "tls.conf": free_port()}
    settings = MqttSettings(
        port=ports["tls.conf"],
        username="station-1",
        password=SecretStr(PASSWORDS["station-1"]),
        ca_file=ca_file,
    )
    state = Message(str(Topic(ONE, Channel.STATE)), b"running")
    connected, delivered = Event(), Queue[int]()
    with shipped_mosquitto(tmp_path, PASSWORDS, ports):
        link = Link(settings, "one", on_connected=connected.set, on_delivered=delivered.put)
        link.open()
        assert connected.wait(WAIT_S)
        assert link.publish(state) == delivered.get(timeout=WAIT_S)
        link.close()


def _make_certificate(folder: Path) -> Path:
    """Write the files `tls.conf` names, and return the one a station checks the broker by."""
    if shutil.which("openssl") is None:
        missing("install openssl: apt-get install openssl")
    folder.mkdir()
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    named = ["-subj", "/CN=box", "-addext", "subjectAltName=IP:127.0.0.1"]
    places = ["-keyout", str(folder / "server.key"), "-out", str(folder / "server.crt")]
    command = ["openssl", "req", "-x509", *kind, *named, *places]
    subprocess.run(command, check=True, capture_output=True)
    return Path(shutil.copy(folder / "server.crt", folder / "ca.crt"))
