"""What a Mosquitto says of those it turns away, heard on its own topics."""

import os
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from ..core.clock import utc_now
from ..settings.tree import MqttSettings
from .link import Link
from .message import Message

_TOPICS = tuple(f"$SYS/broker/log/{severity}" for severity in "EWN")
_TELLING = ("not authorised", "error", "oversize", "failed", "denied", "already connected")
_NEW = "New connection from "
KEPT = 200
MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class BrokerLine:
    """A line of the broker's log, and when it was heard."""

    at: datetime
    text: str


class BrokerLog:
    """Keeps the last lines about refusals; a broker that publishes no log leaves it empty."""

    def __init__(self, settings: MqttSettings) -> None:
        self._lines: deque[BrokerLine] = deque(maxlen=KEPT)
        self._newest = "nowhere"
        self._link = Link(
            settings, f"broker-log:{os.getpid()}", subscriptions=_TOPICS, on_message=self._hear
        )

    def open(self) -> None:
        """Begin to listen."""
        self._link.open()

    def close(self) -> None:
        """End the connection."""
        self._link.close()

    def lines(self) -> tuple[BrokerLine, ...]:
        """Return what was heard, the newest first."""
        return tuple(reversed(tuple(self._lines)))

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        said = message.payload[: 4 * MAX_LENGTH].decode("utf-8", "replace")
        text = "".join(sign if sign.isprintable() else "." for sign in said)[:MAX_LENGTH]
        _, is_new, came = text.partition(_NEW)
        if is_new:
            self._newest = came.split(" on ")[0]
        elif any(part in text.lower() for part in _TELLING):
            if "<unknown>" in text:  # Mosquitto forgets the name of whom it did not let in
                text += f" The connection before it came from {self._newest}."
            self._lines.append(BrokerLine(utc_now(), text))
