"""One message of the contract, on its way out or in."""

from dataclasses import dataclass

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

QOS = 1


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish, or one that arrived; `receipt` acknowledges an arrived one.

    One that came at QoS 0 has no receipt, and wants none. `response_topic` is where an answer is
    wanted, `correlation` what it must carry again; after `expires_s` the broker lets it go.
    """

    topic: str
    payload: bytes
    retain: bool = False
    content_type: str | None = None
    receipt: int | None = None
    qos: int = QOS
    response_topic: str | None = None
    correlation: bytes | None = None
    expires_s: int | None = None


def properties_of(message: Message) -> Properties:
    """Return the MQTT 5 properties that it is published with."""
    said = {
        "ContentType": message.content_type,
        "ResponseTopic": message.response_topic,
        "CorrelationData": message.correlation,
        "MessageExpiryInterval": message.expires_s,
    }
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    for name, value in said.items():
        if value is not None:
            setattr(properties, name, value)
    return properties
