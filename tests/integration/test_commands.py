"""A real station is asked to do things, over each broker, while parts go by."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from time import monotonic
from uuid import UUID, uuid4

import cv2
import httpx
import numpy as np
import pytest
from brokers import running_broker
from processes import edgeinspect, refusal, running, settings_file, wait_for_port

from edgeinspect.core.clock import utc_now
from edgeinspect.core.command import KINDS, Command
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.errors import MessagingError
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import StationAddress
from edgeinspect.core.reply import REPLY, Done, Refused, Reply
from edgeinspect.messaging.asker import ask
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station import commands
from edgeinspect.station.announcer import Announcer
from edgeinspect.station.commands import CommandDesk
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.tap import Tap

WAIT_S = 40.0
HERE = StationAddress(station="station-1")
COMMAND, REPLY_TOPIC = str(Topic(HERE, Channel.COMMAND)), str(Topic(HERE, Channel.REPLY))


def command(do: str, by: str = "test", request: UUID | None = None, in_s: float = 30.0) -> Command:
    expires_at = utc_now() + timedelta(seconds=in_s)
    return KINDS[do].model_validate({"id": request or new_id(), "by": by, "expires_at": expires_at})


@dataclass(frozen=True, slots=True)
class Box:
    """A running station and server, and the broker between them."""

    mqtt: MqttSettings
    config: Path
    api: str
    station: subprocess.Popen[bytes]

    def ask(self, do: str, by: str = "test") -> Done:
        return ask(self.mqtt, HERE, command(do, by), WAIT_S)

    def summary(self) -> dict[str, object]:
        answer = httpx.get(f"{self.api}/stations", trust_env=False).json()["items"]
        return dict(answer[0]) if answer else {}

    def wait_for(self, wanted: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """Wait until the server's summary of the station is as wanted."""
        deadline, pause = monotonic() + WAIT_S, Event()
        while monotonic() < deadline:
            if (found := self.summary()) and wanted(found):
                return found
            pause.wait(0.05)
        raise TimeoutError(f"the server still says {self.summary()}")


@pytest.fixture(scope="module", params=["embedded", "mosquitto"])
def box(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    free_port: Callable[[], int],
    sample: Path,
    washer_model: Path,
) -> Iterator[Box]:
    folder, port = tmp_path_factory.mktemp("box"), free_port()
    (folder / "broker").mkdir()
    with running_broker(request.param, folder / "broker", free_port()) as mqtt:
        config = settings_file(
            folder,
            f"[mqtt]\nport = {mqtt.port}\n[server]\nport = {port}\n[station]\n"
            f'camera = "folder:{sample / "test"}?rate=20&loop=true"\nmodel = "{washer_model}"\n',
        )
        options = ("--config", str(config), "--data", str(folder))
        with running("server", *options), running("station", *options) as station:
            wait_for_port(port, WAIT_S)
            box = Box(mqtt, config, f"http://127.0.0.1:{port}/api/v1", station)
            box.wait_for(lambda found: found["mode"] == "running")
            yield box


class Asker:
    """A client that keeps every reply with its correlation."""

    def __init__(self, mqtt: MqttSettings, reply_topic: str = REPLY_TOPIC) -> None:
        self.heard: Queue[tuple[bytes | None, Reply]] = Queue()
        self._connected = Event()
        self.link = Link(
            mqtt,
            f"asker-{uuid4()}",
            subscriptions=(reply_topic,),
            on_message=self._hear,
            on_connected=self._connected.set,
        )

    def __enter__(self) -> "Asker":
        self.link.open()
        assert self._connected.wait(WAIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()

    def say(self, payload: bytes, correlation: bytes, response_topic: str = REPLY_TOPIC) -> None:
        self.link.publish(
            Message(COMMAND, payload, response_topic=response_topic, correlation=correlation)
        )

    def request(self, asked: Command, correlation: bytes) -> None:
        self.say(asked.model_dump_json().encode(), correlation)

    def next(self) -> tuple[bytes | None, Reply]:
        return self.heard.get(timeout=WAIT_S)

    def refusal(self, correlation: bytes) -> str:
        """Return why the next reply refuses; it must carry `correlation`."""
        heard, reply = self.next()
        assert (heard, type(reply)) == (correlation, Refused)
        assert isinstance(reply, Refused)
        return reply.text

    def _hear(self, message: Message) -> None:
        self.link.acknowledge(message)
        self.heard.put((message.correlation, REPLY.validate_json(message.payload)))


def test_a_paused_station_inspects_nothing_and_goes_on_when_it_is_told(box: Box) -> None:
    paused = box.ask("pause", by="Li Na")
    assert (paused.station.mode, paused.station.reason) == (StationMode.PAUSED, "paused by Li Na")
    again = box.ask("pause", by="Wang")
    assert again.station.reason == "paused by Li Na"
    assert again.station.since == paused.station.since
    assert paused.text is None
    box.wait_for(lambda found: (found["mode"], found["reason"]) == ("paused", "paused by Li Na"))
    Event().wait(0.5)  # ten parts' time
    still = box.ask("status")
    assert still.station == paused.station
    box.wait_for(lambda found: found["inspected"] == paused.station.frames)
    resumed = box.ask("resume")
    assert resumed.station.mode in (StationMode.RUNNING, StationMode.DEGRADED)
    goes_on = box.wait_for(
        lambda found: (
            found["mode"] == "running"
            and isinstance(found["inspected"], int)
            and found["inspected"] > paused.station.frames + 5
        )
    )
    assert goes_on["reason"] is None


def test_a_command_that_comes_twice_is_done_and_answered_once(box: Box) -> None:
    pause, resume, fence = command("pause"), command("resume"), command("status")
    with Asker(box.mqtt) as asker:
        for asked, name in ((pause, b"1"), (resume, b"2"), (pause, b"1"), (fence, b"3")):
            asker.request(asked, name)
        heard = [asker.next() for _ in range(3)]
        assert asker.heard.empty()
    assert [name for name, _ in heard] == [b"1", b"2", b"3"]
    last = heard[-1][1]
    assert isinstance(last, Done)
    assert last.station.mode is not StationMode.PAUSED


def test_what_cannot_be_done_is_refused_in_a_sentence(box: Box) -> None:
    late = command("pause", in_s=-1)
    with Asker(box.mqtt) as asker:
        asker.request(late, b"late")
        assert "was to be done before" in asker.refusal(b"late")
        asker.say(b"\xff\x00 pause", b"garbage")
        assert "cannot be read" in asker.refusal(b"garbage")
        asker.say(json.dumps({"do": "dance"}).encode(), b"unknown")
        assert "`do` is one of pause" in asker.refusal(b"unknown")
        asker.say(b"x" * 100_000, b"long")
        assert "has 100000 bytes" in asker.refusal(b"long")
        elsewhere = str(Topic(HERE, Channel.INSPECTION))
        asker.say(command("pause").model_dump_json().encode(), b"elsewhere", elsewhere)
        assert f"answers go to {REPLY_TOPIC} alone" in asker.refusal(b"elsewhere")
    assert box.ask("status").station.mode is not StationMode.PAUSED


def test_a_command_that_the_broker_keeps_is_not_done_by_who_comes_later(
    box: Box, tmp_path: Path
) -> None:
    there = HERE.model_copy(update={"station": "later"})
    topic, reply_topic = str(Topic(there, Channel.COMMAND)), str(Topic(there, Channel.REPLY))
    payload = command("pause").model_dump_json().encode()
    with Asker(box.mqtt, reply_topic) as asker, closing(Outbox(tmp_path / "outbox.sqlite3")) as out:
        kept = Message(topic, payload, True, response_topic=reply_topic, correlation=b"kept")
        asker.link.publish(kept)
        asker.link.settle(WAIT_S)  # the broker has it before the station comes
        desk = CommandDesk(Tap(), Announcer(out, there, box.mqtt), there, box.mqtt)
        desk.open()
        try:
            assert "publish it without `retain`" in asker.refusal(b"kept")
        finally:
            desk.close()
        asker.link.publish(Message(topic, b"", retain=True))


def test_more_than_can_wait_are_refused_and_so_is_what_waits_at_the_end(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "STAND_WITHIN_S", 5.0)
    tap = Tap()
    tap.begin()  # who reads never comes, so each pause waits for that
    there = HERE.model_copy(update={"station": "busy"})
    topic, reply_topic = str(Topic(there, Channel.COMMAND)), str(Topic(there, Channel.REPLY))
    with Asker(box.mqtt, reply_topic) as asker, closing(Outbox(tmp_path / "outbox.sqlite3")) as out:
        desk = CommandDesk(tap, Announcer(out, there, box.mqtt), there, box.mqtt)
        desk.open()
        ask(box.mqtt, there, command("status"), WAIT_S)  # it hears
        asker.next()
        pauses = {command("pause") for _ in range(commands.WAITING_MOST + 20)}
        for pause in pauses:
            payload = pause.model_dump_json().encode()
            asker.link.publish(Message(topic, payload, response_topic=reply_topic))
        # One is in hand and 16 wait: when the others are refused, all are heard.
        full = [asker.next()[1] for _ in range(len(pauses) - 1 - commands.WAITING_MOST)]
        desk.close()
        replies = [*full, *(asker.next()[1] for _ in range(len(pauses) - len(full)))]
        assert asker.heard.empty()
    first = full[0]
    assert {reply.id for reply in replies} == {pause.id for pause in pauses}
    assert isinstance(first, Refused)
    assert first.text == "16 commands wait already; ask again later."
    assert {reply.text for reply in replies if isinstance(reply, Refused)} >= {
        "the station is ending.",
        first.text,
    }


def test_a_station_that_begins_to_listen_later_is_asked_again(box: Box, tmp_path: Path) -> None:
    there = HERE.model_copy(update={"station": "just-starting"})
    unheard = Event()
    link = Link(
        box.mqtt,
        f"test-{uuid4()}",
        subscriptions=(str(Topic(there, Channel.COMMAND)),),
        on_message=lambda _: unheard.set(),
    )
    with ThreadPoolExecutor(1) as pool, closing(Outbox(tmp_path / "outbox.sqlite3")) as out:
        desk = CommandDesk(Tap(), Announcer(out, there, box.mqtt), there, box.mqtt)
        link.open()
        try:
            asking = pool.submit(ask, box.mqtt, there, command("status"), WAIT_S)
            assert unheard.wait(WAIT_S)
            desk.open()
            assert asking.result(WAIT_S).station.frames == 0
        finally:
            desk.close()
            link.close()


def test_who_wants_no_answer_gets_none(box: Box) -> None:
    with Asker(box.mqtt) as asker:
        asker.link.publish(Message(COMMAND, command("resume").model_dump_json().encode()))
        asker.link.publish(Message(COMMAND, b"garbage"))
        asker.request(command("status"), b"fence")
        assert asker.next()[0] == b"fence"


def test_two_who_ask_at_once_get_each_their_own_answers(box: Box) -> None:
    wrong: list[str] = []

    def keep_asking(do: str) -> None:
        with Asker(box.mqtt) as asker:
            for number in range(15):
                asked = command(do)
                own = f"{do} {number}".encode()
                asker.request(asked, own)
                while (heard := asker.next())[0] != own:
                    pass
                if heard[1].id != asked.id:
                    wrong.append(f"{do}: {heard}")

    askers = [Thread(target=keep_asking, args=(do,)) for do in ("status", "resume")]
    for each in askers:
        each.start()
    for each in askers:
        each.join(60)
    assert not wrong


def test_a_snapshot_shows_the_newest_frame(box: Box, tmp_path: Path) -> None:
    file = tmp_path / "now.jpg"
    options = ("--config", box.config, "--json")
    said = json.loads(edgeinspect("ask", "snapshot", "-o", file, *options))
    image = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape[:2] == (said["picture"]["height"], said["picture"]["width"])
    assert "jpeg_base64" not in said["picture"]


def test_the_command_line_says_what_came_of_it(box: Box) -> None:
    options = ("--config", box.config)
    said = edgeinspect("ask", "pause", "--by", "Li Na", *options)
    assert said.startswith("site/line-1/station-1 is paused (paused by Li Na) since ")
    assert " is running since " in edgeinspect("ask", "resume", *options)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("status", "--station", "nobody", "--timeout", "1"), "site/line-1/nobody: no station of"),
        (("status", "--station", "l-9/nobody", "--timeout", "1"), "site/l-9/nobody: no station"),
        (("status", "--station", "a/b/c/d"), "write STATION, LINE/STATION or"),
        (("status", "--station", "a b"), "write STATION, LINE/STATION or"),
        (("snapshot",), "name it with -o"),
        (("changeover",), "name it by --recipe"),
        (("status", "--recipe", "screws"), "name it by --recipe"),
        (("changeover", "--recipe", "a/b"), "is no name of a recipe"),
        (("changeover", "--recipe", "screws"), "has no folder of recipes"),
        (("status", "--by", " "), "--by is blank"),
    ],
)
def test_the_command_line_says_what_is_wrong(
    box: Box, arguments: tuple[str, ...], why: str
) -> None:
    assert why in refusal("ask", *arguments, "--config", box.config)


def test_a_broker_that_is_not_there_is_named(free_port: Callable[[], int]) -> None:
    nowhere = MqttSettings(port=free_port())
    with pytest.raises(MessagingError, match=f"127.0.0.1:{nowhere.port}"):
        ask(nowhere, HERE, command("status"), 5.0)


def test_at_the_end_every_part_is_accounted_for_and_a_paused_station_stops(box: Box) -> None:
    frames = box.ask("pause").station.frames
    box.station.send_signal(signal.SIGTERM)
    assert box.station.wait(WAIT_S) == 0
    (boot,) = httpx.get(
        f"{box.api}/stations/{HERE.site}/{HERE.line}/{HERE.station}/boots", trust_env=False
    ).json()["items"]
    assert (boot["recorded"], boot["last_sequence"], boot["holes"]) == (frames, frames, [])
    with pytest.raises(MessagingError, match="is stopped since"):
        ask(box.mqtt, HERE, command("status"), 1.0)
