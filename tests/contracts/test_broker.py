"""What every broker must do for the product: the embedded one and Mosquitto alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Event

import pytest
from processes import running, settings_file, wait_for_port

from edgeinspect.messaging.knock import answers, broker_trouble
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 10.0


@pytest.fixture
def any_broker(any_broker: MqttSettings) -> MqttSettings:
    """The same, whose clients are soon known to be lost."""
    return any_broker.model_copy(update={"keepalive_s": 2})


class Client:
    """A connected client that keeps what arrives."""

    def __init__(
        self,
        settings: MqttSettings,
        name: str,
        *subscriptions: str,
        will: Message | None = None,
        acknowledges: bool = True,
    ) -> None:
        self.arrived: Queue[Message] = Queue()
        self.delivered: Queue[int] = Queue()
        self._acknowledges = acknowledges
        self._connected = Event()
        self.link = Link(
            settings,
            name,
            will=will,
            subscriptions=subscriptions,
            on_message=self._keep,
            on_connected=self._connected.set,
            on_delivered=self.delivered.put,
        )

    def __enter__(self) -> "Client":
        self.link.open()
        assert self._connected.wait(WAIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()

    def _keep(self, message: Message) -> None:
        if self._acknowledges:
            self.link.acknowledge(message)
        self.arrived.put(message)


def test_a_message_arrives_whole_with_its_content_type(any_broker: MqttSettings) -> None:
    payload = bytes(range(256)) * 32_000
    with (
        Client(any_broker, "listener", "a/#") as listener,
        Client(any_broker, "speaker") as speaker,
    ):
        number = speaker.link.publish(Message("a/b", payload, content_type="image/jpeg"))
        arrived = listener.arrived.get(timeout=WAIT_S)
        assert (arrived.topic, arrived.payload, arrived.content_type) == (
            "a/b",
            payload,
            "image/jpeg",
        )
        assert speaker.delivered.get(timeout=WAIT_S) == number


def test_what_goes_out_at_qos_0_is_not_called_delivered(any_broker: MqttSettings) -> None:
    with (
        Client(any_broker, "listener", "a/#") as listener,
        Client(any_broker, "speaker") as speaker,
    ):
        speaker.link.publish(Message("a/b", b"told", qos=0))
        number = speaker.link.publish(Message("a/b", b"delivered"))
        assert speaker.delivered.get(timeout=WAIT_S) == number
        payloads = [listener.arrived.get(timeout=WAIT_S).payload for _ in range(2)]
    assert payloads == [b"told", b"delivered"]


def test_a_request_says_where_it_wants_its_answer(any_broker: MqttSettings) -> None:
    asked = Message("a/b", b"?", response_topic="a/c", correlation=b"\x00\xff", expires_s=60)
    with (
        Client(any_broker, "listener", "a/b") as listener,
        Client(any_broker, "speaker") as speaker,
    ):
        speaker.link.publish(asked)
        arrived = listener.arrived.get(timeout=WAIT_S)
    assert (arrived.response_topic, arrived.correlation) == ("a/c", b"\x00\xff")
    assert arrived.expires_s is not None and 0 < arrived.expires_s <= 60


def test_a_retained_message_greets_a_later_subscriber(any_broker: MqttSettings) -> None:
    with Client(any_broker, "speaker") as speaker:
        speaker.link.publish(Message("a/state", b"old", retain=True))
        speaker.link.publish(Message("a/state", b"new", retain=True))
        for _ in range(2):
            speaker.delivered.get(timeout=WAIT_S)
        with Client(any_broker, "listener", "a/state") as listener:
            arrived = listener.arrived.get(timeout=WAIT_S)
    assert (arrived.payload, arrived.retain) == (b"new", True)


def test_the_last_will_speaks_for_a_client_that_vanished(any_broker: MqttSettings) -> None:
    will = Message("a/state", b"offline", retain=True)
    with Client(any_broker, "listener", "a/state") as listener:
        vanishing = Client(any_broker, "vanishing", will=will)
        vanishing.__enter__()
        vanishing.link._client._sock_close()
        vanishing.link._client.loop_stop()
        assert listener.arrived.get(timeout=WAIT_S).payload == b"offline"


def test_order_is_kept(any_broker: MqttSettings) -> None:
    with Client(any_broker, "listener", "a") as listener, Client(any_broker, "speaker") as speaker:
        for number in range(300):
            speaker.link.publish(Message("a", str(number).encode()))
        arrived = [int(listener.arrived.get(timeout=WAIT_S).payload) for _ in range(300)]
    assert arrived == list(range(300))


def test_a_broker_that_is_still_starting_is_waited_for(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    port = free_port()
    config = settings_file(tmp_path, f"[mqtt]\nport = {port}\n")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(answers, MqttSettings(port=port), WAIT_S)
        trouble = broker_trouble(MqttSettings(port=port), WAIT_S)
        assert trouble is not None and trouble.absent
        with running("broker", "--config", str(config), "--data", str(tmp_path)):
            assert asked.result()


def test_an_embedded_broker_that_went_silent_ends(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    port = free_port()
    config = settings_file(tmp_path, f"[mqtt]\nport = {port}\n")
    with running("broker", "--config", str(config), "--data", str(tmp_path)) as process:
        wait_for_port(port)
        poison = Link(MqttSettings(port=port), "an/id/it/cannot/bear")
        poison.open()
        assert process.wait(30) == 1
        poison.close()
