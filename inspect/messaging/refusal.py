"""Why there is no connection, in a sentence: the broker, the cause and the mend."""

import socket
import ssl

from paho.mqtt.reasoncodes import ReasonCode

from ..settings.tree import MqttSettings

BAD_PASSWORD, NOT_AUTHORISED = 0x86, 0x87
_TAKEN_OVER, _TOO_LARGE = 0x8E, 0x95

_CERTIFICATE = {
    9: "its certificate is not valid yet; set this box's clock, or have it made anew",
    10: "its certificate has expired; renew it on the broker's box, or set this box's clock",
    18: "its certificate is signed by an unknown CA; set mqtt.ca_file to the CA that signed it",
    19: "its certificate is signed by an unknown CA; set mqtt.ca_file to the CA that signed it",
    20: "its certificate is signed by an unknown CA; set mqtt.ca_file to the CA that signed it",
    23: "its certificate was revoked; have another made for the broker's box",
    62: "its certificate names another host; set mqtt.host to a name that stands in it",
    64: "its certificate names another host; set mqtt.host to a name that stands in it",
}
"""By OpenSSL's number for what is wrong with the broker's certificate."""

_ALERTS = {
    "CERTIFICATE_EXPIRED": "this client's certificate {cert} has expired; have another made",
    "CERTIFICATE_REVOKED": "this client's certificate {cert} was revoked; have another made",
    "UNKNOWN_CA": (
        "it does not know the CA of this client's certificate {cert}; "
        "have one signed by the CA in the broker's cafile"
    ),
    "CERTIFICATE_REQUIRED": ("it wants a client certificate; set mqtt.cert_file and mqtt.key_file"),
    "HANDSHAKE_FAILURE": (
        "it wants a client certificate, or another version of TLS; "
        "set mqtt.cert_file and mqtt.key_file"
    ),
    "WRONG_VERSION_NUMBER": (
        "it does not speak TLS on that port; correct mqtt.port, or leave mqtt.ca_file out"
    ),
}
"""By a part of what OpenSSL says when the broker breaks the handshake off."""


def why_refused(settings: MqttSettings, reason: ReasonCode) -> str:
    """Return why the broker answered, and did not let this client in."""
    if reason.value not in (BAD_PASSWORD, NOT_AUTHORISED):
        return _sentence(settings, f"it refuses the connection ({reason}); see the broker's log")
    if settings.username is None and settings.cert_file is None:
        return _sentence(
            settings, "it wants a user name and password; set mqtt.username and mqtt.password"
        )
    if settings.username is None:
        return _sentence(
            settings,
            f"it does not let in whom {settings.cert_file} names; see its access list",
        )
    return _sentence(
        settings,
        f"user {settings.username} or the password is wrong; correct mqtt.username and "
        "mqtt.password, or set the user's with mosquitto_passwd",
    )


def why_unreachable(settings: MqttSettings, error: BaseException | None) -> str:
    """Return why no connection came about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        unnamed = f"its certificate is not accepted ({error.verify_message}); have it made anew"
        return _sentence(settings, _CERTIFICATE.get(error.verify_code, unnamed))
    if isinstance(error, ssl.SSLError):
        unnamed = f"TLS failed ({error.args[-1]}); compare its TLS settings with mqtt"
        return _sentence(settings, _alert(settings, str(error)) or unnamed)
    if isinstance(error, socket.gaierror):
        return _sentence(settings, "its name is unknown; correct mqtt.host, or the name service")
    said = (isinstance(error, OSError) and error.strerror) or str(error) or "no answer"
    return _sentence(settings, f"cannot be reached ({said}); start it, or correct mqtt.host")


def is_absence(error: BaseException | None) -> bool:
    """Say whether a connection failed because nothing listens there, or no way leads there."""
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLError | socket.gaierror)


def why_lost(settings: MqttSettings, reason: ReasonCode, said: str | None, greeted: bool) -> str:
    """Return why a connection ended; `said` is what the socket said, `greeted` whether it stood."""
    if said is not None and (alert := _alert(settings, said)):
        return _sentence(settings, alert)
    if reason.value == _TAKEN_OVER:
        return _sentence(
            settings,
            "another client came by the same name; give every station a name of its own, "
            "and run each once",
        )
    if reason.value == _TOO_LARGE:
        return _sentence(settings, "a message is too large for it; raise its max_packet_size")
    if greeted:
        return _sentence(
            settings,
            "the connection was lost; check cable and broker, and that no other station has "
            "this one's name",
        )
    tls = "correct mqtt.port" if settings.ca_file else "if it speaks TLS there, set mqtt.ca_file"
    return _sentence(settings, f"it hung up before it answered; {tls}, or see its log")


def why_denied(settings: MqttSettings, what: str, reason: object) -> str:
    """Return why the broker would not let this client publish or hear `what`."""
    user = settings.username or "this client"
    return _sentence(
        settings,
        f"{user} may not {what} ({reason}); a station's user name must be its station.name, "
        "and the access list must let it",
    )


def _alert(settings: MqttSettings, said: str) -> str | None:
    known = (words for part, words in _ALERTS.items() if part in said.replace(" ", "_").upper())
    found = next(known, None)
    return found and found.format(cert=settings.cert_file)


def _sentence(settings: MqttSettings, what: str) -> str:
    return f"broker {settings.host}:{settings.port}: {what}."
