"""The broker that needs no set-up: rumqttd, from the wheel `iotcore`."""

import logging
import tempfile
from pathlib import Path
from string import Template

from ..core.errors import ServiceError

MAX_PAYLOAD_BYTES = 9_000_000
"""Evidence of 8 MB and its headers."""

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
max_inflight_count = 100
dynamic_filters = true
""")


def run_embedded_broker(port: int, host: str = "127.0.0.1") -> None:
    """Serve MQTT 5 on a loopback address until the process is ended.

    It keeps nothing on disk, and little in memory: the station's outbox holds every inspection
    until the server has recorded it, so a broker may forget.
    Raises ServiceError when the port is in use.
    """
    from iotcore import IotCoreBroker

    # rumqttd reports every packet as an error; only its own failures are of interest.
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    with tempfile.NamedTemporaryFile("w", suffix=".toml", delete=False) as file:
        file.write(_CONFIG.substitute(host=host, port=port, max_payload_bytes=MAX_PAYLOAD_BYTES))
    config = Path(file.name)
    try:
        broker = IotCoreBroker(config_path=file.name)
        broker.check_ports()
    except OSError as error:
        raise ServiceError(
            f"port {port} on {host} is in use ({error}); choose another with mqtt.port."
        ) from None
    finally:
        config.unlink()
    broker.run_forever()
