"""A paho client whose thread outlives whatever a peer sends it."""

import logging
from collections.abc import Callable
from time import sleep

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from .swift_client import SwiftClient

FAULT_PAUSE_S = 1.0

_log = logging.getLogger(__name__)


class SteadyClient(SwiftClient):
    """Connects anew after a fault; `aim` tells it where.

    What paho's parser cannot read ends a connection, and must not end all that come after it.
    """

    def __init__(self, aim: Callable[[], None], client_id: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5, manual_ack=True
        )
        self._aim = aim

    def loop_forever(
        self, timeout: float = 1.0, retry_first_connection: bool = False
    ) -> MQTTErrorCode:
        """Serve connections until `disconnect` is called."""
        while True:
            try:
                return super().loop_forever(timeout, retry_first_connection)
            except Exception:  # noqa: BLE001 - whatever it was, the thread must go on
                _log.exception("a fault broke a connection to the broker; it is made again")
                sleep(FAULT_PAUSE_S)
                self._aim()
