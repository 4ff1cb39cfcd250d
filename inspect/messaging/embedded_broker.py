"""The broker that needs no set-up: rumqttd, from the wheel `iotcore`."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from threading import Event, Thread

from ..core.errors import ServiceError
from ..settings.tree import MqttSettings
from .knock import answers
from .link import MAX_PACKET_BYTES

WATCH_S, SILENCE_S = 5.0, 8.0
"""How often the process connects to its own broker, and how long it waits for that."""

_CONFIG = Template("""\
id = 0

[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = 16777216
max_segment_count = 3

[v5.1]
name = "loopback"
listen = "$host:$port"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 5000
max_payload_size = $max_payload_bytes
max_inflight_count = 1000
dynamic_filters = true
""")


def run_embedded_broker(port: int, host: str = "127.0.0.1") -> None:
    """Serve MQTT 5 on a loopback address until the process is ended.

    It keeps nothing on disk, and little in memory: the station's outbox holds every inspection
    until the server has recorded it, so a broker may forget.
    Raises ServiceError when the port is in use, or when the broker stopped answering.
    """
    from iotcore import IotCoreBroker

    # rumqttd reports every packet as an error, and every span besides.
    for name in ("rumqttd", "tracing", "iotcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with _config_file(host, port) as config:
        broker = IotCoreBroker(config_path=str(config))
    try:
        broker.check_ports()
    except OSError as error:
        raise ServiceError(
            f"port {port} on {host} is in use ({error}); choose another with mqtt.port."
        ) from None
    Thread(target=broker.run_forever, name="broker", daemon=True).start()
    _watch(MqttSettings(host=host, port=port))


@contextmanager
def _config_file(host: str, port: int) -> Iterator[Path]:
    text = _CONFIG.substitute(host=host, port=port, max_payload_bytes=MAX_PACKET_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broker.toml"
        path.write_text(text, encoding="utf-8")
        yield path


def _watch(settings: MqttSettings) -> None:
    """Connect now and then as any client does; raise when that fails.

    A client with an id that rumqttd cannot bear leaves its process standing, deaf to all or only
    to new clients: better that the process ends as well, and is started again.
    """
    pause = Event()
    while answers(settings, SILENCE_S):
        pause.wait(WATCH_S)
    raise ServiceError(f"the broker on port {settings.port} stopped answering; start it again.")
