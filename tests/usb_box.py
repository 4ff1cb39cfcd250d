"""A box that USB cameras are plugged into, made at the boundary of Video4Linux."""

from pathlib import Path

import cv2
import numpy as np


class Box:
    """A box that cameras are plugged into: the folders Linux shows, and a driver for them."""

    def __init__(self, folder: Path) -> None:
        self.video = folder / "video4linux"
        self.video.mkdir()
        self._usb = folder / "usb"
        self.opened: list[str] = []

    def plug_in(self, number: int, serial: str, *, files: int = 1) -> None:
        """Plug a camera in, whose pictures come at a number and who may have more files."""
        device = self._usb / serial
        (device / "interface").mkdir(parents=True, exist_ok=True)
        (device / "serial").write_text(f"{serial}\n")
        for index in range(files):
            folder = self.video / f"video{number + index}"
            folder.mkdir()
            (folder / "name").write_text("A Camera: A Camera\n")
            (folder / "index").write_text(f"{index}\n")
            (folder / "device").symlink_to(device / "interface")

    def pull_out(self, number: int) -> None:
        """Pull the camera at a number out."""
        folder = self.video / f"video{number}"
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

    def capture(self, path: str) -> "Made":
        """Open what is at a path."""
        self.opened.append(path)
        return Made(self, self.video / Path(path).name)


class Made:
    """A made `VideoCapture`: hands out noise while its camera is plugged in."""

    def __init__(self, box: Box, folder: Path) -> None:
        self._folder = folder
        self._noise = np.random.default_rng(len(box.opened))

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's
        return self._folder.exists()

    def set(self, propId: int, value: float) -> bool:  # noqa: ARG002, N803 - OpenCV's
        return True

    def get(self, propId: int) -> float:  # noqa: N803 - OpenCV's
        return {cv2.CAP_PROP_FRAME_WIDTH: 64.0, cv2.CAP_PROP_FRAME_HEIGHT: 48.0}.get(propId, 30.0)

    def read(self) -> tuple[bool, object]:
        if not self._folder.exists():
            return False, None
        return True, self._noise.integers(0, 256, (48, 64, 3), np.uint8)

    def release(self) -> None:
        """Nothing is held."""
