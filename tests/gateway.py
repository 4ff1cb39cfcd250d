"""A gateway between MQTT and a gate, as the docs ask for it, and a broker that can be switched."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from threading import Event
from uuid import uuid4

from brokers import running_broker

from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 20.0


class Gateway:
    """Opens the gate when `opened` comes, and closes it at anything else or without a broker.

    `heard` is all that came: the level, and whether it was retained.
    """

    def __init__(self, settings: MqttSettings, topic: str, opened: bytes = b"1") -> None:
        self.heard: Queue[tuple[bytes, bool]] = Queue()
        self.is_open = False
        self._topic = topic
        self._opened = opened
        self._mark = f"mark/{uuid4().hex}"
        self._marks: Queue[bytes] = Queue()
        self._connected = Event()
        self._link = Link(
            settings,
            uuid4().hex,
            subscriptions=(topic, self._mark),
            on_message=self._hear,
            on_connected=self._connected.set,
            on_disconnected=self._lost,
        )

    def __enter__(self) -> "Gateway":
        self._link.open()
        self.await_connection()
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close()

    def await_connection(self) -> None:
        """Wait until it listens."""
        assert self._connected.wait(WAIT_S), self._link.trouble

    def lets_through(self) -> bool:
        """Say whether the gate is open, when all has come that the broker took so far."""
        mark = uuid4().bytes
        self._link.publish(Message(self._mark, mark))
        assert self._marks.get(timeout=WAIT_S) == mark
        return self.is_open

    def await_level(self, level: bytes) -> bool:
        """Wait until `level` comes; say whether it came retained."""
        while (heard := self.heard.get(timeout=WAIT_S))[0] != level:
            pass
        return heard[1]

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        if message.topic == self._mark:
            self._marks.put(message.payload)
            return
        self.is_open = message.payload == self._opened
        self.heard.put((message.payload, message.retain))

    def _lost(self) -> None:
        self._connected.clear()
        self.is_open = False


class SwitchedBroker:
    """A broker that is running, and can be ended and started again on its port and folder."""

    def __init__(self, kind: str, folder: Path, port: int) -> None:
        self.settings = MqttSettings(port=port)
        self._start: Callable[[], object] = lambda: self._stack.enter_context(
            running_broker(kind, folder, port)
        )
        self._stack = ExitStack()

    def __enter__(self) -> "SwitchedBroker":
        self.switch_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.switch_off()

    def switch_on(self) -> None:
        """Start it."""
        self._start()

    def switch_off(self) -> None:
        """End it."""
        self._stack.close()
