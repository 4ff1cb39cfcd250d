"""Where the demo plays: its folder, its ports, and the settings its processes read."""

import socket
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from ...camera.folder import FolderCamera
from ...core.errors import ServiceError
from ...settings.load import load_settings, make_folder
from ...settings.tree import Settings

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8420
_SECTION = {"broker": "mqtt", "server": "server"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A data folder with a settings file in it that `edgeinspect up` understands as well."""

    config: Path
    settings: Settings

    @property
    def ports(self) -> dict[str, int]:
        """Return the port of each service, by its name."""
        return {"broker": self.settings.mqtt.port, "server": self.settings.server.port}

    def moved(self, service: str) -> "Stage":
        """Return the same stage with another port for a service, written down."""
        tree = tomllib.loads(self.config.read_text(encoding="utf-8"))
        tree[_SECTION[service]]["port"] = free_port()
        return _written(self.config, tree)


def set_stage(data: Path, camera: FolderCamera, model: Path, port: int) -> Stage:
    """Write the demo's settings into `data` and return them read back."""
    config = make_folder(data) / "edgeinspect.toml"
    tree = {
        "data": str(data),
        "log_level": "warning",
        "site": {"name": "demo", "line": "line-1"},
        "station": {
            "name": "camera-1",
            "camera": camera.url,
            "model": str(model),
            "context": {
                "step": "final inspection",
                "machine": "lathe-3",
                "operator": "demo",
                "lot": "demo-lot",
                "material_lots": ["bar-4711"],
            },
        },
        "mqtt": {"host": LOOPBACK, "port": free_port()},
        "server": {"port": port},
    }
    return _written(config, tree)


def _written(config: Path, tree: dict[str, Any]) -> Stage:
    config.write_text(tomli_w.dumps(tree), encoding="utf-8")
    return Stage(config, load_settings(config, environment={}))


def choose_port(wanted: int | None) -> int:
    """Return the port for the page: `wanted`, which must be free, else 8420, else any free one.

    Raises ServiceError when `wanted` is in use.
    """
    if wanted is not None and not is_free(wanted):
        raise ServiceError(f"port {wanted} is in use; choose another with --port.")
    if wanted is not None:
        return wanted
    return DEFAULT_PORT if is_free(DEFAULT_PORT) else free_port()


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Say whether nobody listens on a loopback port."""
    try:
        with socket.create_server((LOOPBACK, port)):
            return True
    except OSError:
        return False
