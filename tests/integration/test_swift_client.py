"""Many messages at once: each is heard whole, in order, and answered once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Event

import pytest
from brokers import running_broker

from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 30.0
UNANSWERED = 50


@pytest.fixture
def broker(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[MqttSettings]:
    """A Mosquitto, which keeps to what a client can bear; the embedded broker does not."""
    with running_broker("mosquitto", tmp_path, free_port()) as settings:
        yield settings


@pytest.fixture
def sender(broker: MqttSettings) -> Iterator[Link]:
    """A link that is connected."""
    connected = Event()
    link = Link(broker, "sender", on_connected=connected.set)
    link.open()
    assert connected.wait(WAIT_S)
    yield link
    link.close()


@pytest.fixture
def listener(broker: MqttSettings) -> Iterator[tuple[Link, "Queue[Message]"]]:
    """A link that hears `many`, and what it heard; it answers nothing by itself."""
    connected, heard = Event(), Queue[Message]()
    link = Link(
        broker,
        "listener",
        subscriptions=("many",),
        on_message=heard.put,
        on_connected=connected.set,
        unanswered=UNANSWERED,
    )
    link.open()
    assert connected.wait(WAIT_S)
    yield link, heard
    link.close()


def test_messages_of_every_size_come_whole_and_in_order(
    sender: Link, listener: tuple[Link, "Queue[Message]"]
) -> None:
    link, heard = listener
    sent = [bytes([size % 251]) * size for size in (0, 1, 65_530, 200_000, *range(100, 1000, 3))]
    for payload in sent:
        sender.publish(Message("many", payload))
    for payload in sent:
        message = heard.get(timeout=WAIT_S)
        assert message.payload == payload
        link.acknowledge(message)


def test_no_more_come_than_may_be_unanswered_and_one_answer_to_all_lets_the_next_come(
    sender: Link, listener: tuple[Link, "Queue[Message]"]
) -> None:
    link, heard = listener
    for number in range(2 * UNANSWERED):
        sender.publish(Message("many", b"%d" % number))
    first = [heard.get(timeout=WAIT_S) for _ in range(UNANSWERED)]
    with pytest.raises(Empty):
        heard.get(timeout=0.2)
    link.acknowledge(*first)
    second = [heard.get(timeout=WAIT_S) for _ in range(UNANSWERED)]
    link.acknowledge(*second)
    assert [item.payload for item in first + second] == [b"%d" % n for n in range(2 * UNANSWERED)]
