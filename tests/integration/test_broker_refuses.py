"""What the shipped Mosquitto refuses is said in one sentence, and works as soon as it is mended."""

import signal
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any
from uuid import uuid4

import psutil
import pytest
from certificates import EXPIRED, Authority, make_authority
from pydantic import SecretStr
from shipped_mosquitto import shipped_mosquitto

from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging import backoff
from edgeinspect.messaging.link import Link, client_id
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station import delivery as delivery_module
from edgeinspect.station.delivery import Delivery
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Counts, Lane, Parcel

PASSWORDS = {"server": "of-server", "station-1": "of-one"}
HERE = StationAddress(station="station-1")
STATE = Message(str(Topic(HERE, Channel.STATE)), b"running")
WAIT_S = 20.0
pytestmark = pytest.mark.filterwarnings(
    # paho leaves a socket whose handshake failed to the garbage collector.
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)


@dataclass
class Box:
    """Mosquitto as shipped, with certificates of a CA of the test, that can be changed."""

    folder: Path
    authority: Authority
    ports: dict[str, int] = field(default_factory=dict)

    def settings(self, listener: str, **fields: object) -> MqttSettings:
        """Return the settings of a station that does all right, less `fields`."""
        right: dict[str, object] = {"port": self.ports[listener]}
        if listener != "certificates.conf":
            right |= {"username": "station-1", "password": SecretStr(PASSWORDS["station-1"])}
        if listener != "box.conf":
            right["ca_file"] = self.folder / "tls" / "ca.crt"
        if listener == "certificates.conf":
            stem = self.folder / "tls" / "station-1"
            right |= {"cert_file": stem.with_suffix(".crt"), "key_file": stem.with_suffix(".key")}
        return MqttSettings.model_validate(right | fields)

    def reread(self) -> None:
        """Have the broker read its passwords and certificates anew."""
        (broker,) = (
            process
            for process in psutil.Process().children(recursive=True)
            if "mosquitto" in process.name()
        )
        broker.send_signal(signal.SIGHUP)

    def serve(self, **certificate: Any) -> None:
        """Have the broker show another certificate."""
        server = self.folder / "tls" / "server"
        self.authority.issue(server, "box", **certificate)
        self.reread()
        wanted = server.with_suffix(".crt").read_text(encoding="ascii")
        address, pause = ("127.0.0.1", self.ports["tls.conf"]), Event()
        while ssl.get_server_certificate(address) != wanted:
            pause.wait(0.05)


@pytest.fixture
def box(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Box]:
    names = ("box.conf", "tls.conf", "certificates.conf")
    box = Box(tmp_path, make_authority(), {name: free_port() for name in names})
    tls = tmp_path / "tls"
    tls.mkdir()
    box.authority.write(tls / "ca.crt")
    box.authority.issue(tls / "server", "box")
    box.authority.issue(tls / "station-1", "station-1")
    with shipped_mosquitto(tmp_path, PASSWORDS, box.ports):
        yield box


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.2)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.4)


class Caller:
    """A link, and what is heard of it."""

    def __init__(self, settings: MqttSettings, address: StationAddress = HERE) -> None:
        self.connected = Event()
        self.delivered: Queue[int] = Queue()
        self.refused: Queue[int] = Queue()
        self.link = Link(
            settings,
            client_id(address, "rows"),
            on_connected=self.connected.set,
            on_delivered=self.delivered.put,
            on_refused=self.refused.put,
        )

    def trouble(self) -> str:
        """Wait until something is wrong, and return what."""
        _until(lambda: self.link.trouble is not None)
        return str(self.link.trouble)


@contextmanager
def calling(settings: MqttSettings, address: StationAddress = HERE) -> Iterator[Caller]:
    caller = Caller(settings, address)
    caller.link.open()
    try:
        yield caller
    finally:
        caller.link.close()


@pytest.mark.parametrize("listener", ["box.conf", "tls.conf", "certificates.conf"])
def test_a_station_that_does_all_right_comes_in(box: Box, listener: str) -> None:
    with calling(box.settings(listener)) as caller:
        assert caller.connected.wait(WAIT_S), caller.link.trouble
        assert caller.link.publish(STATE) == caller.delivered.get(timeout=WAIT_S)
        assert caller.link.trouble is None


def test_a_wrong_password_is_named_and_retried(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    settings = box.settings("box.conf", password=SecretStr("guessed"))
    with calling(settings) as caller, calling(settings, StationAddress(station="other")) as other:
        said = caller.trouble()
        assert other.trouble() == said
        assert said == (
            f"broker 127.0.0.1:{settings.port}: user station-1 or the password is wrong; correct "
            "mqtt.username and mqtt.password, or set the user's with mosquitto_passwd."
        )
        assert "guessed" not in caplog.text
        assert not caller.connected.is_set()
        command = ["mosquitto_passwd", "-b", str(box.folder / "passwords"), "station-1", "guessed"]
        subprocess.run(command, check=True)
        box.reread()
        assert caller.connected.wait(WAIT_S)
        assert caller.link.trouble is None
    (line,) = [each.getMessage() for each in caplog.records if "password" in each.getMessage()]
    assert line.endswith(f":rows: {said} It is tried again until it works.")


def test_no_password_at_all_is_named(box: Box) -> None:
    settings = box.settings("box.conf", username=None, password=None)
    with calling(settings) as caller:
        assert "it wants a user name and password; set mqtt.username" in caller.trouble()


def test_an_expired_broker_certificate_is_named_and_retried(box: Box) -> None:
    box.serve(span=EXPIRED)
    with calling(box.settings("tls.conf")) as caller:
        assert "its certificate has expired; renew it on the broker's box" in caller.trouble()
        box.serve()
        assert caller.connected.wait(WAIT_S), caller.link.trouble


def test_a_broker_of_an_unknown_ca_is_named_and_retried(box: Box) -> None:
    ca_file = make_authority("another CA").write(box.folder / "another.crt")
    with calling(box.settings("tls.conf", ca_file=ca_file)) as caller:
        assert "signed by an unknown CA; set mqtt.ca_file" in caller.trouble()
        box.authority.write(ca_file)
        assert caller.connected.wait(WAIT_S), caller.link.trouble


def test_a_broker_at_another_address_than_its_certificate_is_named(box: Box) -> None:
    box.serve(host="192.0.2.7")
    with calling(box.settings("tls.conf")) as caller:
        assert "its certificate names another host; set mqtt.host" in caller.trouble()


def test_an_expired_client_certificate_is_named_and_renewed_without_a_restart(box: Box) -> None:
    stem = box.folder / "tls" / "station-1"
    box.authority.issue(stem, "station-1", EXPIRED)
    with calling(box.settings("certificates.conf")) as caller:
        assert f"this client's certificate {stem}.crt has expired" in caller.trouble()
        box.authority.issue(stem, "station-1")
        assert caller.connected.wait(WAIT_S), caller.link.trouble


def test_a_client_certificate_of_another_ca_is_named(box: Box) -> None:
    make_authority("another CA").issue(box.folder / "tls" / "station-1", "station-1")
    with calling(box.settings("certificates.conf")) as caller:
        assert "it does not know the CA of this client's certificate" in caller.trouble()


def test_a_missing_client_certificate_is_named(box: Box) -> None:
    settings = box.settings("certificates.conf", cert_file=None, key_file=None)
    with calling(settings) as caller:
        assert "it wants a client certificate; set mqtt.cert_file" in caller.trouble()


def test_a_certificate_file_that_is_not_there_is_named_and_awaited(box: Box) -> None:
    stem = box.folder / "tls" / "station-1"
    stem.with_suffix(".crt").rename(box.folder / "away.crt")
    with calling(box.settings("certificates.conf")) as caller:
        assert f"{stem}.crt and {stem}.key: cannot be used as certificate" in caller.trouble()
        (box.folder / "away.crt").rename(stem.with_suffix(".crt"))
        assert caller.connected.wait(WAIT_S), caller.link.trouble


def test_tls_on_a_plain_port_and_plain_on_a_tls_port_are_named(box: Box) -> None:
    plain = box.settings("tls.conf", port=box.ports["box.conf"])
    with calling(plain) as caller:
        assert f"broker 127.0.0.1:{plain.port}: " in caller.trouble()
    with calling(box.settings("box.conf", port=box.ports["tls.conf"])) as caller:
        assert "if it speaks TLS there, set mqtt.ca_file" in caller.trouble()


def test_a_broker_that_is_not_there_is_named(free_port: Callable[[], int]) -> None:
    with calling(MqttSettings(port=free_port())) as caller:
        assert "cannot be reached (Connection refused); start it" in caller.trouble()


def test_a_station_under_anothers_name_is_named(box: Box) -> None:
    other = StationAddress(station="station-2")
    topic = str(Topic(other, Channel.INSPECTION))
    with calling(box.settings("box.conf"), other) as caller:
        assert caller.connected.wait(WAIT_S)
        number = caller.link.publish(Message(topic, b"forged"))
        assert caller.refused.get(timeout=WAIT_S) == number
        assert caller.trouble() == (
            f"broker 127.0.0.1:{box.ports['box.conf']}: station-1 may not publish to {topic} "
            "(Not authorized); a station's user name must be its station.name, and the access "
            "list must let it."
        )
        caller.link.publish(STATE)
        caller.delivered.get(timeout=WAIT_S)
        assert caller.link.trouble is None
        assert caller.delivered.empty()


def test_what_the_broker_will_not_have_stays_and_is_sent_when_it_may_be(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "RESEND_AFTER_S", 0.2)
    monkeypatch.setattr(delivery_module, "TICK_S", 0.1)
    other, boot = StationAddress(station="station-2"), uuid4()
    topic = str(Topic(other, Channel.INSPECTION))
    outbox = Outbox(tmp_path / "outbox.sqlite3")
    outbox.begin_boot(boot)
    outbox.append([Parcel(Lane.ROWS, boot, n, topic, "text/plain", b"row") for n in (1, 2, 3)])
    delivery = Delivery(outbox, Lane.ROWS, other, box.settings("box.conf"))
    delivery.open()
    try:
        _until(lambda: delivery.trouble is not None)
        assert f"station-1 may not publish to {topic}" in str(delivery.trouble)
        assert outbox.counts()[boot] == Counts(inspected=3, published=0, recorded=0)
        with (box.folder / "acl").open("a", encoding="utf-8") as acl:
            acl.write("\nuser station-1\ntopic write edgeinspect/v1/+/+/station-2/#\n")
        box.reread()
        _until(lambda: outbox.counts()[boot].published == 3)
        _until(lambda: delivery.trouble is None)
        assert outbox.depth(Lane.ROWS) == 3
    finally:
        delivery.close()
        outbox.close()


def _until(holds: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(int(WAIT_S / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    raise TimeoutError("it did not come about")


def test_two_stations_of_one_name_are_told_so(box: Box) -> None:
    with calling(box.settings("box.conf")) as first:
        assert first.connected.wait(WAIT_S)
        with calling(box.settings("box.conf")):
            # Mosquitto before 2.0.12 hangs up without a word.
            assert "name" in first.trouble()
