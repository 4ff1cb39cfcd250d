"""Says what the station does, how it fares and what it decides; its last will follows its death."""

from collections.abc import Iterable, Mapping
from threading import Event, Lock
from uuid import UUID

from ..camera.condition import FINE, Condition
from ..core.clock import utc_now
from ..core.delivery import BootTail, Dropped, StationMode, StationState
from ..core.health import StationHealth
from ..core.inspection import ModelRef, StationAddress
from ..core.recipe import RecipeRef
from ..messaging.link import Link, client_id
from ..messaging.message import Message
from ..messaging.topics import Channel, Topic
from ..settings.tree import MqttSettings
from .outbox import Outbox

FAREWELL_S = 2.0
"""How long a closing station waits for the broker to take its last state."""
_PAUSABLE = (StationMode.STARTING, StationMode.RUNNING)


class Announcer:
    """Publishes the station's state at every change and after every reconnect.

    A station that runs and is hampered is announced as `degraded`; a paused one as `paused`.
    """

    def __init__(self, outbox: Outbox, address: StationAddress, settings: MqttSettings) -> None:
        self._outbox = outbox
        self._topic = str(Topic(address, Channel.STATE))
        self._health_topic = str(Topic(address, Channel.HEALTH))
        self._verdict_topic = str(Topic(address, Channel.VERDICT))
        self._lock = Lock()
        self._connected = False
        self._latest: int | None = None
        self._taken = Event()
        self._doing: tuple[StationMode, str | None] = (StationMode.STARTING, None)
        self._hampered: str | None = None
        self._camera = FINE
        self._gate: str | None = None
        self._paused: str | None = None
        self._said_tails: tuple[BootTail, ...] = ()
        self._state = StationState(mode=StationMode.STARTING, since=utc_now())
        offline = StationState(mode=StationMode.OFFLINE, since=utc_now())
        self._link = Link(
            settings,
            client_id(address, Channel.STATE),
            will=Message(self._topic, offline.model_dump_json().encode(), retain=True),
            on_connected=self._reconnected,
            on_disconnected=self._lost,
            on_delivered=self._delivered,
        )

    def open(self) -> None:
        """Begin to announce."""
        self._link.open()

    def use(self, model: ModelRef | None, recipe: RecipeRef) -> None:
        """Announce what the station judges with from now on; None where others judge for it."""
        with self._lock:
            self._state = self._state.model_copy(update={"model": model, "recipe": recipe})
        self._publish()

    @property
    def trouble(self) -> str | None:
        """Why the state cannot be announced at present; None while it can."""
        return self._link.trouble

    def say(self, mode: StationMode, reason: str | None = None) -> None:
        """Announce another mode; nothing is sent when neither mode nor reason changed."""
        with self._lock:
            self._doing = mode, reason
        self._announce_change()

    def hamper(self, trouble: str | None) -> None:
        """Note what stands in the way of a station that runs, or that nothing does any more."""
        with self._lock:
            self._hampered = trouble
        self._announce_change()

    def see(self, condition: Condition) -> None:
        """Note how the camera is: a station without pictures is at fault whatever else it does."""
        with self._lock:
            self._camera = condition
        self._announce_change()

    def mind_gate(self, trouble: str | None) -> None:
        """Note what is wrong with the gate, or that nothing is."""
        with self._lock:
            if trouble == self._gate:
                return
            self._gate = trouble
        self._announce_change()

    @property
    def holds_gate(self) -> bool:
        """Whether no part is being judged, for a pause or for want of pictures."""
        with self._lock:
            return self._paused is not None or self._camera.mode is StationMode.FAULT

    @property
    def paused(self) -> str | None:
        """Why the station is paused; None when it is not."""
        return self._paused

    def pause(self, reason: str | None) -> None:
        """Note that the station is paused, and why; or, with None, that it goes on."""
        with self._lock:
            self._paused = reason
        self._announce_change()

    @property
    def state(self) -> StationState:
        """What is announced at present."""
        return self._state

    def tell_drops(self) -> None:
        """Announce what the outbox gave up or lost since the last time, or that all is heard."""
        if _drops(self._outbox.tails()) != _drops(self._said_tails):
            self._publish()

    def publish_health(self, health: StationHealth) -> None:
        """Tell whoever listens how the station fares; nobody is owed it."""
        if self._connected:
            payload = health.model_dump_json().encode()
            self._link.publish(Message(self._health_topic, payload, qos=0))

    def tell_verdict(self, document: bytes) -> None:
        """Tell whoever listens of a part, at once and once; its record is delivered apart."""
        if self._connected:
            self._link.publish(Message(self._verdict_topic, document, qos=0))

    def _announce_change(self) -> None:
        with self._lock:
            mode, reason = self._doing
            if self._paused is not None and mode in _PAUSABLE:
                mode, reason = StationMode.PAUSED, self._paused
            elif mode in _PAUSABLE and self._camera.mode is StationMode.FAULT:
                mode, reason = StationMode.FAULT, self._camera.reason
            elif mode in _PAUSABLE and self._gate is not None:
                mode, reason = StationMode.FAULT, self._gate
            elif mode is StationMode.RUNNING and self._camera.mode is StationMode.DEGRADED:
                mode, reason = StationMode.DEGRADED, self._camera.reason
            elif mode is StationMode.RUNNING and self._hampered is not None:
                mode, reason = StationMode.DEGRADED, self._hampered
            reason = reason and reason[:300]
            if (mode, reason) == (self._state.mode, self._state.reason):
                return
            change = {"mode": mode, "reason": reason, "since": utc_now()}
            self._state = self._state.model_copy(update=change)
        self._publish()

    def close(self) -> None:
        """Take leave of the broker once it has the last state, which stays."""
        self._taken.wait(FAREWELL_S)
        self._link.close()

    def _publish(self) -> None:
        with self._lock:
            self._said_tails = self._outbox.tails()
            state = self._state.model_copy(update={"open_boots": self._said_tails})
            message = Message(self._topic, state.model_dump_json().encode(), retain=True)
        # Before the connection stands nothing is queued: an old state would follow the new one.
        self._taken.clear()
        if self._connected:
            self._latest = self._link.publish(message)

    def _reconnected(self) -> None:
        self._connected = True
        self._publish()

    def _lost(self) -> None:
        self._connected = False

    def _delivered(self, number: int) -> None:
        if self._latest is None or number >= self._latest:
            self._taken.set()


def _drops(tails: Iterable[BootTail]) -> Mapping[UUID, Dropped]:
    return {tail.boot: tail.dropped for tail in tails if tail.dropped is not None}
