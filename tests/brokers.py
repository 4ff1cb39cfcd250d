"""A broker as the product runs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from processes import running, settings_file, wait_for_port
from required import missing

from edgeinspect.settings.tree import MqttSettings


@contextmanager
def running_broker(kind: str, folder: Path, port: int) -> Iterator[MqttSettings]:
    """Run a broker of a kind on a loopback port, with its settings and data in `folder`."""
    if kind == "mosquitto" and not (which("mosquitto") or Path("/usr/sbin/mosquitto").exists()):
        missing("install mosquitto: apt-get install mosquitto")
    config = settings_file(folder, f'[mqtt]\nport = {port}\n[broker]\nkind = "{kind}"\n')
    with running("broker", "--config", str(config), "--data", str(folder)):
        wait_for_port(port)
        yield MqttSettings(port=port)
