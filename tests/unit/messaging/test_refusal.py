"""Why there is no connection, in a sentence with its mend."""

import socket
import ssl
from pathlib import Path

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from edgeinspect.core.errors import MessagingError
from edgeinspect.messaging.backoff import Backoff
from edgeinspect.messaging.refusal import why_lost, why_refused, why_unreachable
from edgeinspect.messaging.tls import Certificates
from edgeinspect.settings.tree import MqttSettings

PLAIN = MqttSettings(username="station-1")


def reason(kind: int, number: int) -> ReasonCode:
    return ReasonCode(kind, identifier=number)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0x8E, "by the same name"), (0x95, "raise its max_packet_size"), (0x80, "check cable")],
)
def test_what_the_broker_says_at_the_end_is_explained(number: int, words: str) -> None:
    said = why_lost(PLAIN, reason(PacketTypes.DISCONNECT, number), None, True)
    assert said.startswith("broker 127.0.0.1:1883: ") and words in said and said.endswith(".")


def test_another_refusal_is_told_as_the_broker_words_it() -> None:
    said = why_refused(PLAIN, reason(PacketTypes.CONNACK, 0x89))
    assert said == (
        "broker 127.0.0.1:1883: it refuses the connection (Server busy); see the broker's log."
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name is unknown"),
        (TimeoutError(), "cannot be reached (no answer)"),
        (ConnectionRefusedError(111, "Connection refused"), "(Connection refused); start it"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "not speak TLS"),
        (ssl.SSLError(1, "[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca"), "know the CA"),
        (ssl.SSLError(1, "[SSL] something new"), "TLS failed"),
        (None, "cannot be reached"),
    ],
)
def test_what_the_socket_says_is_explained(error: BaseException | None, words: str) -> None:
    said = why_unreachable(PLAIN, error)
    assert said.startswith("broker 127.0.0.1:1883: ") and words in said and said.endswith(".")


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ca.crt"
    path.write_text("no certificate", encoding="utf-8")
    with pytest.raises(MessagingError, match=r"ca\.crt: cannot be used as CA certificate"):
        Certificates(MqttSettings(ca_file=path)).read()


def test_pauses_grow_to_a_bound_and_differ() -> None:
    first, second = Backoff(), Backoff()
    pauses = [first.next_s() for _ in range(40)]
    for number, pause_s in enumerate(pauses):
        longest_s = min(15.0, 2.0**number)
        assert longest_s / 2 <= pause_s <= longest_s
    assert len(set(pauses)) == len(pauses)
    assert pauses != [second.next_s() for _ in range(40)]
    first.reset()
    assert first.next_s() <= 1.0
