"""A gate that listens on the station's own broker."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ...core.errors import MessagingError, WireAbsentError, WireError
from ...messaging.knock import broker_trouble
from ...messaging.refusal import why_denied, why_lost, why_refused, why_unreachable
from ...messaging.tls import Certificates
from ...settings.tree import MqttSettings

QOS = 1
ANSWER_S = 1.0
"""So long the broker may take to connect, to let this client in, and to take a level."""
KEEPALIVE_S = 2
"""A broker that hears nothing for one and a half of it publishes the last will."""
EXPIRES_S = 2
"""An `open` that waited so long, for whoever was away, is not told any more."""
_TICK_S = 0.05
_WITH_WILL = "Disconnect with will message"


class MqttOutput:
    """Publishes the gate's level to `topic`; the broker closes it when this client is gone.

    Only `closed` is ever retained, and it is the last will. So whoever subscribes, whenever that
    is, hears `closed` first: that the gate is open holds only while somebody goes on saying it.
    A new client is made for every connection: one that came back by itself would send again what
    it was told before.
    """

    def __init__(
        self,
        topic: str,
        client_id: str,
        broker: dict[str, Any],
        opened: str = "1",
        closed: str = "0",
    ) -> None:
        self._settings = MqttSettings.model_validate(broker)
        self._topic = topic
        self._client_id = client_id
        self._opened, self._closed = opened.encode(), closed.encode()
        self._client: paho.Client | None = None
        self._welcome: ReasonCode | None = None
        self._farewell: ReasonCode | None = None
        self._taken: dict[int, ReasonCode] = {}

    def open(self) -> None:
        """Connect, and leave the will with the broker."""
        self.close()
        self._welcome = self._farewell = None
        self._taken.clear()
        client, settings = self._make_client(), self._settings
        try:
            client.connect(settings.host, settings.port, KEEPALIVE_S, clean_start=True)
        except (OSError, ValueError) as error:
            _forget(client)
            raise WireError(why_unreachable(settings, error)) from None
        self._client = client
        self._serve(lambda: self._welcome is not None)
        if self._welcome is not None and self._welcome.is_failure:
            raise self._gone(why_refused(settings, self._welcome))

    def write(self, is_open: bool) -> None:
        """Publish the level, and wait until the broker has taken it."""
        if self._client is None:
            raise WireError(f"the gate on {self._topic}: is not connected; open it first.")
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if is_open:
            properties.MessageExpiryInterval = EXPIRES_S
        level = self._opened if is_open else self._closed
        number = self._client.publish(self._topic, level, QOS, not is_open, properties).mid
        self._serve(lambda: number in self._taken)
        taken = self._taken.pop(number)
        if taken.is_failure:
            raise self._gone(why_denied(self._settings, f"publish to {self._topic}", taken))

    def beat(self) -> None:
        """Do nothing: that the level is published anew is the heartbeat."""

    def close(self) -> None:
        """Take leave; the broker publishes `closed` for this client."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(OSError, ValueError):
            client.disconnect(ReasonCode(PacketTypes.DISCONNECT, _WITH_WILL))
        _forget(client)

    def look(self) -> str:
        """Knock at the broker under another name: one by this name would close the gate."""
        trouble = broker_trouble(self._settings, ANSWER_S)
        if trouble is not None:
            raise (WireAbsentError if trouble.absent else WireError)(trouble.sentence)
        where = f"{self._settings.host}:{self._settings.port}"
        return f"broker {where} lets this box in; the gate is to listen to {self._topic}"

    def _make_client(self) -> paho.Client:
        settings = self._settings
        client = paho.Client(CallbackAPIVersion.VERSION2, self._client_id, protocol=paho.MQTTv5)
        client.connect_timeout = ANSWER_S
        if settings.username is not None:
            password = settings.password.get_secret_value() if settings.password else None
            client.username_pw_set(settings.username, password)
        if settings.ca_file is not None:
            certificates = Certificates(settings)
            try:
                certificates.read()
            except MessagingError as error:
                raise WireError(str(error)) from None
            client.tls_set_context(certificates.context)
        client.will_set(self._topic, self._closed, QOS, retain=True)
        client.on_connect = self._welcomed
        client.on_publish = self._published
        client.on_disconnect = self._disconnected
        return client

    def _serve(self, is_done: Callable[[], bool]) -> None:
        """Serve the connection until something came; raises WireError when it does not."""
        client, until_s = self._client, monotonic() + ANSWER_S
        assert client is not None
        while not is_done():
            code = client.loop(_TICK_S)
            if is_done():
                return
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                reason = self._farewell or ReasonCode(PacketTypes.DISCONNECT, "Unspecified error")
                raise self._gone(why_lost(self._settings, reason, None, self._welcome is not None))
            if monotonic() > until_s:
                where = f"broker {self._settings.host}:{self._settings.port}"
                raise self._gone(f"{where}: does not answer within {ANSWER_S:g} s; see its log.")

    def _gone(self, said: str) -> WireError:
        """Drop the connection, whose will the broker publishes, and return the error to raise."""
        if self._client is not None:
            _forget(self._client)
        self._client = None
        return WireError(said)

    def _welcomed(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        self._welcome = reason

    def _published(
        self, _client: paho.Client, _data: Any, number: int, reason: ReasonCode, _props: Any
    ) -> None:
        self._taken[number] = reason

    def _disconnected(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        self._farewell = reason


def _forget(client: paho.Client) -> None:
    """Close the sockets, which paho keeps until it is garbage."""
    client._reset_sockets()
