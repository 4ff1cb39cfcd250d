"""The server of the product as the browser tests have it, and how they open its page."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page
from processes import wait_for_port

LAPTOP = (1366, 768)


class OpenPage(Protocol):
    """Open the live page of the test's station, on a screen and in a browser's language."""

    def __call__(self, size: tuple[int, int] = LAPTOP, locale: str = "en-GB") -> Page: ...


class PageServer:
    """The server of the product, which can die and be started again with what it recorded."""

    def __init__(self, config: Path, port: int) -> None:
        self._config = config
        self._port = port
        self.url = f"http://127.0.0.1:{port}/"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["--config", str(self._config), "--data", str(self._config.parent)]
        command = [sys.executable, "-m", "edgeinspect.cli.main", "server", *options]
        self._process = subprocess.Popen(command)
        wait_for_port(self._port)

    def kill(self) -> None:
        """Let it die without a word."""
        self._process.kill()
        self._process.wait(10)

    def freeze(self) -> None:
        """Let it fall silent with its connections open, as behind a pulled cable."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._process.send_signal(signal.SIGCONT)
