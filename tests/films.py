"""Films for tests."""

from collections.abc import Sequence
from pathlib import Path

import cv2

from edgeinspect.core.frame import Image


def write_film(path: Path, pictures: Sequence[Image]) -> None:
    """Write pictures of one size as a film of ten a second."""
    height, width = pictures[0].shape[:2]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (width, height))
    for picture in pictures:
        film.write(picture)
    film.release()
