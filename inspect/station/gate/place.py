"""Which output moves the station's gate, with all that it is opened with."""

from dataclasses import asdict
from typing import Any

from ...core.actuator import parse_actuator
from ...core.opcua import OpcuaIdentity
from ...messaging.link import client_id
from ...messaging.topics import Channel, Topic
from ...settings.station import StationSettings
from ...settings.tree import MqttSettings, Settings
from .outputs import OutputPlace


def output_place(settings: Settings) -> OutputPlace | None:
    """Return the output that `station.actuator` names, or None for `none`.

    Its options hold passwords: they go to the guard by its pipe, and into no log.
    """
    named = parse_actuator(settings.station.actuator)
    if named is None:
        return None
    options: dict[str, Any] = dict(named.options)
    if named.kind == "mqtt":
        options.setdefault("topic", str(Topic(settings.address, Channel.GATE)))
        options["client_id"] = client_id(settings.address, Channel.GATE)
        options["broker"] = _plain(settings.mqtt)
    if named.kind == "opcua":
        options["identity"] = asdict(_identity(settings.station))
    return OutputPlace(named.kind, options)


def _plain(mqtt: MqttSettings) -> dict[str, Any]:
    plain = mqtt.model_dump(mode="json")
    if mqtt.password is not None:
        plain["password"] = mqtt.password.get_secret_value()
    return plain


def _identity(own: StationSettings) -> OpcuaIdentity:
    secret = own.actuator_password
    files = own.actuator_certificate, own.actuator_key, own.actuator_server_certificate
    return OpcuaIdentity(
        own.actuator_username,
        None if secret is None else secret.get_secret_value(),
        *(None if path is None else str(path.absolute()) for path in files),
    )
