"""A small factory of real processes, each of which can be killed and started again."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

BROKER, SERVER = "broker", "server"


@dataclass
class Factory:
    """A broker, a server and some stations, on one line."""

    folder: Path
    stations: tuple[str, ...]
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
