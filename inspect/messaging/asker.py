"""Asks a station to do something, and waits for its answer."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Event
from time import monotonic
from uuid import uuid4

from pydantic import ValidationError

from ..core.command import Command
from ..core.delivery import StationMode, StationState
from ..core.errors import MessagingError
from ..core.inspection import StationAddress
from ..core.reply import REPLY, Done, Reply
from ..settings.tree import MqttSettings
from .link import Link
from .message import Message
from .topics import Channel, Topic

_LOOK_EVERY_S = 0.05
AGAIN_EVERY_S = 1.0
_ENDED = (StationMode.STOPPED, StationMode.FAULT, StationMode.OFFLINE)


def ask(
    settings: MqttSettings, address: StationAddress, command: Command, patience_s: float
) -> Done:
    """Send `command` to the station at `address` and return what it answers.

    Raises MessagingError when the broker is out of reach, when there is no such station, when no
    answer comes within `patience_s`, and when the station refuses.
    """
    until_s = monotonic() + patience_s
    with _asker(settings, address) as asker:
        asker.wait_until_connected(until_s)
        reply = asker.reply_to(command, until_s)
    if reply is None:
        raise MessagingError(asker.why_silent(patience_s))
    if not isinstance(reply, Done):
        raise MessagingError(f"{address}: refused to {command.do}: {reply.text}")
    return reply


@contextmanager
def _asker(settings: MqttSettings, address: StationAddress) -> Iterator["_Asker"]:
    asker = _Asker(settings, address)
    asker.link.open()
    try:
        yield asker
    finally:
        asker.link.close()


class _Asker:
    """A connection that hears the replies and the state of one station."""

    def __init__(self, settings: MqttSettings, address: StationAddress) -> None:
        self._broker = f"{settings.host}:{settings.port}"
        self._address = address
        self._reply_topic = str(Topic(address, Channel.REPLY))
        self._state_topic = str(Topic(address, Channel.STATE))
        self._correlation = uuid4().bytes
        self._heard: Queue[Reply | None] = Queue()
        self._state: StationState | None = None
        self._connected = Event()
        self.link = Link(
            settings,
            f"ask:{uuid4()}",
            subscriptions=(self._reply_topic, self._state_topic),
            on_message=self._hear,
            on_connected=self._connected.set,
            on_refused=lambda _number: self._heard.put(None),
            quiet=True,
        )

    def wait_until_connected(self, until_s: float) -> None:
        """Raise MessagingError when the broker does not let this in."""
        while not self._connected.wait(_LOOK_EVERY_S):
            if self.link.trouble is not None or monotonic() > until_s:
                raise MessagingError(
                    self.link.trouble or f"broker {self._broker}: does not answer; see its log."
                )

    def reply_to(self, command: Command, until_s: float) -> Reply | None:
        """Send `command` and return the reply; None when none comes, or the broker refused it.

        It is sent again every second, for a station that was just connecting heard nothing; one
        that heard it does it once.
        """
        while (left_s := until_s - monotonic()) > 0:
            self._send(command, left_s)
            with suppress(Empty):
                return self._heard.get(timeout=min(AGAIN_EVERY_S, left_s))
        return None

    def _send(self, command: Command, left_s: float) -> None:
        """Publish `command`; the broker lets it go once nobody waits for its answer."""
        self.link.publish(
            Message(
                str(Topic(self._address, Channel.COMMAND)),
                command.model_dump_json().encode(),
                content_type="application/json",
                response_topic=self._reply_topic,
                correlation=self._correlation,
                expires_s=max(1, round(left_s)),
            )
        )

    def why_silent(self, patience_s: float) -> str:
        """Say in a sentence why there may be no answer."""
        if self.link.trouble is not None:
            return self.link.trouble
        state = self._state
        if state is None:
            return (
                f"{self._address}: no station of that name has announced itself at broker "
                f"{self._broker}; check site, line and station."
            )
        if state.mode in _ENDED:
            why = f" ({state.reason.rstrip('.')})" if state.reason else ""
            return (
                f"{self._address}: is {state.mode} since {state.since:%Y-%m-%d %H:%M} UTC{why}; "
                "start it and ask again."
            )
        return (
            f"{self._address}: is {state.mode} and did not answer within {patience_s:g} s; its log "
            "or the broker's access list may say why."
        )

    def _hear(self, message: Message) -> None:
        self.link.acknowledge(message)
        try:
            if message.topic == self._state_topic:
                self._state = StationState.model_validate_json(message.payload, extra="ignore")
            elif message.correlation == self._correlation:
                self._heard.put(REPLY.validate_json(message.payload, extra="ignore"))
        except ValidationError:
            return  # whoever wrote it, it is no answer to this
