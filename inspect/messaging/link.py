"""One MQTT 5 connection that heals itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ..core.errors import MessagingError
from ..core.inspection import StationAddress
from ..settings.tree import MqttSettings
from .swift_client import SwiftClient

QOS = 1
MAX_INFLIGHT = 100
RECONNECT_MIN_S, RECONNECT_MAX_S = 1, 15

_log = logging.getLogger(__name__)


def client_id(address: StationAddress, connection: str) -> str:
    """Return the MQTT client id of one of a station's connections.

    A colon can be in no name, and unlike a slash every broker takes it.
    """
    return f"{address.site}:{address.line}:{address.station}:{connection}"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish, or one that arrived; `receipt` acknowledges an arrived one."""

    topic: str
    payload: bytes
    retain: bool = False
    content_type: str | None = None
    receipt: int | None = None


class Link:
    """A connection to the broker that is opened again for as long as it is wanted.

    `on_connected` is called when the subscriptions stand as well.
    The callbacks run on the connection's own thread and must return quickly.
    An arrived message is acknowledged to the broker only by `acknowledge`; it sends no more than
    `unanswered` before that, where that is given and the broker heeds it (rumqttd does not).
    """

    def __init__(
        self,
        settings: MqttSettings,
        client_id: str,
        *,
        will: Message | None = None,
        subscriptions: tuple[str, ...] = (),
        on_message: Callable[[Message], None] | None = None,
        on_connected: Callable[[], None] | None = None,
        on_disconnected: Callable[[], None] | None = None,
        on_delivered: Callable[[int], None] | None = None,
        unanswered: int | None = None,
    ) -> None:
        self._settings = settings
        self._client_id = client_id
        self._subscriptions = subscriptions
        self._on_message = on_message
        self._on_connected = on_connected
        self._on_disconnected = on_disconnected
        self._on_delivered = on_delivered
        self._unanswered = unanswered
        self._client = self._make_client(client_id, will)

    def open(self) -> None:
        """Begin to connect, and return at once; a broker that is not there yet is awaited."""
        settings = self._settings
        wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        if self._unanswered is not None:
            wishes.ReceiveMaximum = self._unanswered
        self._client.connect_async(
            settings.host,
            settings.port,
            keepalive=settings.keepalive_s,
            clean_start=True,
            properties=wishes,
        )
        self._client.loop_start()

    def close(self) -> None:
        """Send what is queued for the socket, take leave of the broker, and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()
        # paho keeps a pair of sockets to wake its thread until it is garbage.
        self._client._reset_sockets(sockpair_only=True)

    def publish(self, message: Message) -> int:
        """Hand a message over at QoS 1 and return the number `on_delivered` will name.

        Raises MessagingError for a payload the protocol cannot carry.
        """
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if message.content_type is not None:
            properties.ContentType = message.content_type
        try:
            sent = self._client.publish(
                message.topic, message.payload, QOS, message.retain, properties
            )
        except ValueError as error:
            raise MessagingError(
                f"{message.topic}: cannot be published ({error}); send a smaller payload."
            ) from None
        return sent.mid

    def acknowledge(self, *messages: Message) -> None:
        """Tell the broker that `messages` are dealt with and need not come again."""
        receipts = [item.receipt for item in messages if item.receipt is not None]
        if receipts:
            self._client.acknowledge(receipts)

    def _make_client(self, client_id: str, will: Message | None) -> SwiftClient:
        client = SwiftClient(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=paho.MQTTv5,
            manual_ack=True,
        )
        client.max_inflight_messages_set(MAX_INFLIGHT)
        client.reconnect_delay_set(RECONNECT_MIN_S, RECONNECT_MAX_S)
        self._authenticate(client)
        if will is not None:
            client.will_set(will.topic, will.payload, QOS, will.retain)
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_disconnect = self._disconnected
        client.on_message = self._arrived
        client.on_publish = self._delivered
        return client

    def _authenticate(self, client: paho.Client) -> None:
        settings = self._settings
        if settings.username is not None:
            password = settings.password.get_secret_value() if settings.password else None
            client.username_pw_set(settings.username, password)
        if settings.ca_file is not None:
            try:
                client.tls_set(ca_certs=str(settings.ca_file))
            except OSError as error:
                raise MessagingError(
                    f"{settings.ca_file}: cannot be used as CA certificate ({error}); "
                    "set mqtt.ca_file to a PEM file."
                ) from None

    def _connected(
        self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        where = f"{self._settings.host}:{self._settings.port}"
        if reason.is_failure:
            _log.warning("broker %s refused the connection: %s", where, reason)
            return
        _log.info("connected to broker %s as %s", where, self._client_id)
        if self._subscriptions:
            client.subscribe([(topic, SubscribeOptions(QOS)) for topic in self._subscriptions])
        else:
            self._ready()

    def _subscribed(
        self,
        _client: paho.Client,
        _data: Any,
        _number: int,
        reasons: list[ReasonCode],
        _props: Any,
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            _log.error("the broker refused a subscription: %s", refused[0])
            return
        self._ready()

    def _ready(self) -> None:
        if self._on_connected is not None:
            self._on_connected()

    def _disconnected(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        if reason.is_failure:
            _log.warning("%s lost the broker: %s", self._client_id, reason)
        if self._on_disconnected is not None:
            self._on_disconnected()

    def _arrived(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        if self._on_message is None:
            return
        content_type = getattr(message.properties, "ContentType", None)
        arrived = Message(
            message.topic, bytes(message.payload), message.retain, content_type, message.mid
        )
        self._on_message(arrived)

    def _delivered(
        self, _client: paho.Client, _data: Any, number: int, _reason: Any, _props: Any
    ) -> None:
        if self._on_delivered is not None:
            self._on_delivered(number)
