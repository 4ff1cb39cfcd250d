"""A paho client whose thread outlives whatever a peer sends it."""

import logging
from collections.abc import Callable
from threading import Event
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from .swift_client import SwiftClient

FAULT_PAUSE_S = 1.0

_log = logging.getLogger(__name__)


class SteadyClient(SwiftClient):
    """Connects anew after a fault; `aim` tells it where, `pause_s` how long it waits before.

    What paho's parser cannot read ends a connection, and must not end all that come after it.
    It waits for the broker no longer than it is wanted: paho looks once a second, and a station
    without a broker took leave of each of its connections for so long.
    """

    pause_s: float = 1.0
    on_acknowledged: Callable[[int, str, ReasonCode], None]
    """Hears the number and topic of every message that the broker answered, at QoS 1, and how.
    `on_publish` hears as well of what went out at QoS 0, which nobody answers.
    """

    def __init__(self, aim: Callable[[], None], client_id: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5, manual_ack=True
        )
        self._aim = aim
        self._leaving = Event()

    def loop_start(self) -> MQTTErrorCode:
        """Serve connections on a thread of its own, until `disconnect` is called."""
        self._leaving.clear()
        return super().loop_start()

    def disconnect(self, *farewell: Any, **more: Any) -> MQTTErrorCode:
        """Take leave of the broker, or stop waiting for it."""
        self._leaving.set()
        return super().disconnect(*farewell, **more)

    def loop_forever(
        self, timeout: float = 1.0, retry_first_connection: bool = False
    ) -> MQTTErrorCode:
        """Serve connections until `disconnect` is called."""
        while True:
            try:
                return super().loop_forever(timeout, retry_first_connection)
            except Exception:  # noqa: BLE001 - whatever it was, the thread must go on
                _log.exception("a fault broke a connection to the broker; it is made again")
                self._leaving.wait(FAULT_PAUSE_S)
                self._aim()

    def _do_on_publish(
        self, mid: int, reason_code: ReasonCode, properties: Properties
    ) -> MQTTErrorCode:
        self.on_acknowledged(mid, self._out_messages[mid].topic, reason_code)
        return super()._do_on_publish(mid, reason_code, properties)

    def _reconnect_wait(self) -> None:
        self._leaving.wait(self.pause_s)
