"""The Mosquitto of this box, started in the foreground."""

import os
import shutil
from pathlib import Path

from ..core.errors import ServiceError

_LOOPBACK_ONLY = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 30
max_packet_size 9000000
max_inflight_messages 1000
max_queued_messages 100000
max_queued_bytes 268435456
"""


def run_mosquitto(port: int, data: Path, config: Path | None) -> None:
    """Replace this process by Mosquitto, with `config` or else on loopback only.

    Raises ServiceError when Mosquitto is not installed.
    """
    program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise ServiceError(
            "mosquitto is not installed; install it, or set broker.kind to embedded."
        )
    if config is None:
        folder = data / "mosquitto"
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "mosquitto.conf"
        config.write_text(_config(port, folder), encoding="utf-8")
    os.execv(program, [program, "-c", str(config)])  # noqa: S606


def _config(port: int, folder: Path) -> str:
    text = _LOOPBACK_ONLY.format(port=port, folder=folder)
    # Started by root, Mosquitto would change to a user that may not write the data folder.
    return text + "user root\n" if os.geteuid() == 0 else text
