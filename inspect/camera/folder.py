"""A folder of images as a camera: played at the rate of a line, every image a part."""

import random
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from pydantic import Field

from ..core.clock import utc_now
from ..core.errors import ImageError
from ..core.frame import Frame
from ..datasets.images import list_images, read_image
from .played import Played

Order = Literal["sorted", "shuffled"]


@dataclass(frozen=True, slots=True)
class FolderCamera:
    """What to play, and how: `rate` in parts per second, 0 for as fast as they are taken."""

    folder: Path
    rate: Annotated[float, Field(ge=0, le=1000)] = 5.0
    loop: bool = False
    order: Order = "sorted"
    seed: int = 0

    @property
    def url(self) -> str:
        """The URL that `open_camera` reads this camera from."""
        options = {"rate": self.rate, "loop": self.loop, "order": self.order, "seed": self.seed}
        return f"folder:{quote(str(self.folder))}?{urlencode(options)}"


def playlist(camera: FolderCamera) -> tuple[Path, ...]:
    """Return the images of one round in the order they are played.

    Raises DatasetError when the folder is missing or holds no image.
    """
    images = list(list_images(camera.folder))
    if camera.order == "shuffled":
        random.Random(camera.seed).shuffle(images)
    return tuple(images)


class FolderSource(Played):
    """Plays a folder: every image is a part, handed out when it is due and never skipped."""

    def __init__(self, camera: FolderCamera) -> None:
        super().__init__(camera.rate)
        self._camera = camera
        self._playlist = playlist(camera)
        self._played = 0

    def read(self) -> Frame | None:
        """Wait until the next image is due and return it; None after the last, or when closed."""
        rounds, position = divmod(self._played, len(self._playlist))
        if rounds > 0 and not self._camera.loop:
            return None
        if not self._wait_until_due():
            return None
        self._played += 1
        path = self._playlist[position]
        return load_frame(path, str(path.relative_to(self._camera.folder)))


def load_frame(path: Path, origin: str) -> Frame:
    """Return the frame an image file holds; one that cannot be read says why."""
    captured_at, captured_s = utc_now(), monotonic()
    try:
        return Frame(read_image(path), captured_at, captured_s, _legible(origin))
    except ImageError as error:
        reason = _legible(str(error))
        return Frame(None, captured_at, captured_s, _legible(origin), unreadable=reason)


def _legible(text: str) -> str:
    """Return `text` with a mark for each byte of a file's name that is no UTF-8 (GBK, say)."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
