"""One MQTT 5 connection that heals itself."""

import logging
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ..core.errors import MessagingError
from ..core.inspection import StationAddress
from ..core.limits import MAX_EVIDENCE_BYTES
from ..settings.tree import MqttSettings
from .backoff import Backoff
from .message import QOS, Message, properties_of
from .refusal import is_absence, why_denied, why_lost, why_refused, why_unreachable
from .steady_client import SteadyClient
from .swift_client import Heard
from .tls import Certificates
from .trouble import Trouble

MAX_INFLIGHT = 100
MAX_PACKET_BYTES = MAX_EVIDENCE_BYTES + 1_000_000
"""The largest evidence and its headers; a broker is told to send nothing larger."""

_log = logging.getLogger(__name__)


def client_id(address: StationAddress, connection: str) -> str:
    """Return the MQTT client id of one of a station's connections.

    A colon can be in no name, and unlike a slash every broker takes it.
    """
    return f"{address.site}:{address.line}:{address.station}:{connection}"


class Link:
    """A connection to the broker that is opened again for as long as it is wanted.

    `on_connected` is called when the subscriptions stand as well. A published message is answered
    by `on_delivered`, or by `on_refused` when the broker will not have it.
    The callbacks run on the connection's own thread and must return quickly.
    An arrived message is acknowledged to the broker only by `acknowledge`; it sends no more than
    `unanswered` before that, where that is given and the broker heeds it (rumqttd does not).
    A quiet one leaves it to its owner to say what is wrong.
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
        on_refused: Callable[[int], None] | None = None,
        unanswered: int | None = None,
        quiet: bool = False,
    ) -> None:
        self._settings = settings
        self._client_id = client_id
        self._subscriptions = subscriptions
        self._on_message = on_message
        self._on_connected = on_connected
        self._on_disconnected = on_disconnected
        self._on_delivered = on_delivered
        self._unanswered = unanswered
        self._on_refused = on_refused
        self._backoff = Backoff()
        self._certificates = Certificates(settings) if settings.ca_file is not None else None
        self._trouble = Trouble(client_id, quiet=quiet)
        self._says = logging.DEBUG if quiet else logging.INFO
        self._greeted = self._denied = self._nobody_there = False
        self._last: paho.MQTTMessageInfo | None = None
        self._socket_said: str | None = None
        self._client = self._make_client(client_id, will)

    @property
    def trouble(self) -> str | None:
        """Why the broker cannot be used at present, in a sentence; None while it can."""
        return self._trouble.sentence

    @property
    def nobody_there(self) -> bool:
        """Whether the last attempt found nothing that listens: the broker may not run yet."""
        return self._nobody_there

    def open(self) -> None:
        """Begin to connect, and return at once; a broker that is not there yet is awaited."""
        self._aim()
        self._client.loop_start()

    def settle(self, patience_s: float) -> None:
        """Wait, so long at most, until the broker has taken what was published last.

        Who closes sooner may take it back: a socket closed on answers unread drops what the other
        side has not read either.
        """
        if self._last is not None:
            with suppress(ValueError, RuntimeError):  # paho knows that it will never be sent
                self._last.wait_for_publish(patience_s)

    def close(self) -> None:
        """Send what is queued for the socket, take leave of the broker, and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()
        self._trouble.close()
        # paho keeps a pair of sockets to wake its thread until it is garbage.
        self._client._reset_sockets(sockpair_only=True)

    def publish(self, message: Message) -> int:
        """Hand a message over and return the number `on_delivered` will name.

        Raises MessagingError for a payload the protocol cannot carry.
        """
        try:
            sent = self._client.publish(
                message.topic, message.payload, message.qos, message.retain, properties_of(message)
            )
        except ValueError as error:
            raise MessagingError(
                f"{message.topic}: cannot be published ({error}); send a smaller payload."
            ) from None
        self._last = sent
        return sent.mid

    def acknowledge(self, *messages: Message) -> None:
        """Tell the broker that `messages` are dealt with and need not come again."""
        receipts = [item.receipt for item in messages if item.receipt is not None]
        if receipts:
            self._client.acknowledge(receipts)

    def _make_client(self, client_id: str, will: Message | None) -> SteadyClient:
        client = SteadyClient(self._aim, client_id)
        client.max_inflight_messages_set(MAX_INFLIGHT)
        settings = self._settings
        if settings.username is not None:
            password = settings.password.get_secret_value() if settings.password else None
            client.username_pw_set(settings.username, password)
        if self._certificates is not None:
            client.tls_set_context(self._certificates.context)
        if will is not None:
            client.will_set(will.topic, will.payload, QOS, will.retain)
        client.on_pre_connect = self._prepare
        client.on_connect_fail = self._failed
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_disconnect = self._disconnected
        client.on_heard = self._arrived
        client.on_acknowledged = self._acknowledged
        client.on_log = self._overhear
        return client

    def _aim(self) -> None:
        settings = self._settings
        limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        limits.MaximumPacketSize = MAX_PACKET_BYTES
        if self._unanswered is not None:
            limits.ReceiveMaximum = self._unanswered
        self._client.connect_async(
            settings.host,
            settings.port,
            keepalive=settings.keepalive_s,
            clean_start=True,
            properties=limits,
        )

    def _prepare(self, _client: paho.Client, _data: Any) -> None:
        self._trouble.begin()
        self._greeted = False
        self._socket_said = None
        if self._certificates is not None:
            try:
                self._certificates.read()
            except MessagingError as error:
                self._trouble.explain(str(error))

    def _failed(self, _client: paho.Client, _data: Any) -> None:
        # paho calls this where it caught the error, and does not hand it over.
        error = sys.exception()
        self._nobody_there = is_absence(error)
        self._trouble.explain(why_unreachable(self._settings, error))
        self._pause()

    def _connected(
        self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        self._nobody_there = False
        if reason.is_failure:
            self._trouble.explain(why_refused(self._settings, reason))
            return
        self._greeted = True
        if self._subscriptions:
            client.subscribe([(topic, SubscribeOptions(QOS)) for topic in self._subscriptions])
        else:
            self._ready()

    def _subscribed(
        self,
        client: paho.Client,
        _data: Any,
        _number: int,
        reasons: list[ReasonCode],
        _props: Any,
    ) -> None:
        for topic, reason in zip(self._subscriptions, reasons, strict=True):
            if reason.is_failure:
                self._trouble.explain(why_denied(self._settings, f"subscribe to {topic}", reason))
                self._hang_up(client)
                return
        self._ready()

    def _ready(self) -> None:
        self._backoff.reset()
        where = f"{self._settings.host}:{self._settings.port}"
        _log.log(self._says, "connected to broker %s as %s", where, self._client_id)
        self._trouble.end()
        if self._on_connected is not None:
            self._on_connected()

    def _disconnected(
        self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any
    ) -> None:
        if reason.is_failure:
            self._trouble.explain(
                why_lost(self._settings, reason, self._socket_said, self._greeted)
            )
            self._pause()
        if self._on_disconnected is not None:
            self._on_disconnected()

    def _pause(self) -> None:
        """Set how long the next attempt is waited with."""
        self._client.pause_s = self._backoff.next_s()

    def _hang_up(self, client: paho.Client) -> None:
        """Break the connection off, so that another attempt follows."""
        connection = client.socket()
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _overhear(self, _client: paho.Client, _data: Any, level: int, said: str) -> None:
        # Of an error on the socket paho says the words here, and nowhere else.
        if level == paho.MQTT_LOG_ERR:
            self._socket_said = said

    def _arrived(self, heard: Heard) -> None:
        if self._on_message is None:
            return
        properties = heard.properties
        self._on_message(
            Message(
                heard.topic,
                heard.payload,
                heard.retain,
                getattr(properties, "ContentType", None),
                receipt=heard.mid if heard.qos else None,
                response_topic=getattr(properties, "ResponseTopic", None),
                correlation=getattr(properties, "CorrelationData", None),
                expires_s=getattr(properties, "MessageExpiryInterval", None),
            )
        )

    def _acknowledged(self, number: int, topic: str, reason: ReasonCode) -> None:
        if reason.is_failure:
            self._denied = True
            self._trouble.note(why_denied(self._settings, f"publish to {topic}", reason))
            if self._on_refused is not None:
                self._on_refused(number)
            return
        if self._denied:
            self._denied = False
            self._trouble.end()
        if self._on_delivered is not None:
            self._on_delivered(number)
