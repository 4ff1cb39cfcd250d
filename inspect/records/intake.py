"""Takes messages from the broker to the threads that deal with them, and acknowledges them."""

from collections.abc import Callable, Sequence
from threading import Event

from ..core.identity import new_id
from ..messaging.link import Link
from ..messaging.message import Message
from ..messaging.receipts import Receipts
from ..messaging.topics import levels_of_station
from ..settings.tree import MqttSettings
from .lane import Lane

WAITING = 1000
"""Messages that a broker may send before it gets an answer, and that may wait for a lane."""


class Intake:
    """One connection to the broker, and the lanes that handle what arrives by it.

    What a station sends goes into one lane, so that it is handled in the order of its coming.
    `handle` and `greet` are those of `Lane`, and called by all lanes at once; every connect is
    greeted once. At most `waiting` messages are kept in memory for each lane.
    """

    def __init__(
        self,
        settings: MqttSettings,
        name: str,
        subscriptions: tuple[str, ...],
        handle: Callable[[Sequence[Message]], None],
        greet: Callable[[], None],
        *,
        waiting: int = WAITING,
        lanes: int = 1,
    ) -> None:
        self._connected = False
        self._stopping = Event()
        self._receipts = Receipts(lambda messages: self.link.acknowledge(*messages))
        self._lanes = tuple(
            Lane(f"intake-{name}-{number}", handle, self._receipts.done, greet, waiting)
            for number in range(lanes)
        )
        self.link = Link(
            settings,
            f"server-{name}-{new_id()}",
            subscriptions=subscriptions,
            on_message=self._arrived,
            on_connected=self._made,
            on_disconnected=self._lost,
            unanswered=waiting,
        )

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._connected

    @property
    def trouble(self) -> str | None:
        """Why the last attempt to handle what arrived failed; None when it did not."""
        return next((lane.trouble for lane in self._lanes if lane.trouble is not None), None)

    @property
    def alive(self) -> bool:
        """Whether every lane works; a fault that nobody foresaw ends one."""
        return all(lane.alive for lane in self._lanes)

    def start(self) -> None:
        """Begin to connect and to work."""
        for lane in self._lanes:
            lane.start()
        self.link.open()

    def finish(self) -> None:
        """End the work; what was not recorded was not acknowledged either."""
        self._stopping.set()
        for lane in self._lanes:
            lane.end()
        for lane in self._lanes:
            lane.join()

    def close(self) -> None:
        """End the connection; takes up to a second when the broker is away."""
        self.link.close()

    def _arrived(self, message: Message) -> None:
        if self._stopping.is_set():
            return  # nobody would take it, and the broker is not told that it came
        lane = self._lanes[hash(levels_of_station(message.topic)) % len(self._lanes)]
        lane.put(self._receipts.expect(message))

    def _made(self) -> None:
        self._receipts.begin()
        self._connected = True
        self._lanes[0].connected()

    def _lost(self) -> None:
        self._connected = False
