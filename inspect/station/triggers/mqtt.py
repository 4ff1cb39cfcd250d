"""A part is told of on the station's own topic `part`."""

import logging

from ...core.errors import MessagingError
from ...core.inspection import StationAddress
from ...messaging.link import Link, client_id
from ...messaging.message import Message
from ...messaging.topics import Channel, Topic
from ...settings.tree import MqttSettings
from .wire import Ear

UNANSWERED = 100

_log = logging.getLogger(__name__)


class MqttWire:
    """Takes notices of parts; one that is retained, past its time or unreadable is refused."""

    def __init__(self, ear: Ear, address: StationAddress, settings: MqttSettings) -> None:
        self._ear = ear
        self._connected = False
        self._link = Link(
            settings,
            client_id(address, Channel.PART),
            subscriptions=(str(Topic(address, Channel.PART)),),
            on_message=self._hear,
            on_connected=self._ready,
            on_disconnected=self._lost,
            unanswered=UNANSWERED,
        )

    @property
    def trouble(self) -> str | None:
        """Why no notice can come at present."""
        if self._connected:
            return None
        return self._link.trouble or "the broker of the trigger is not connected yet."

    def open(self) -> None:
        """Begin to listen."""
        self._link.open()

    def close(self) -> None:
        """Take leave of the broker."""
        self._link.close()

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        try:
            if message.retain:
                self._ear.refused += 1
                raise MessagingError("a part is there once; publish it without `retain`.")
            self._ear.hear_notice(message.payload)
        except MessagingError as error:
            _log.warning("a trigger on %s is refused: %s", message.topic, error)

    def _ready(self) -> None:
        self._connected = True

    def _lost(self) -> None:
        self._connected = False
