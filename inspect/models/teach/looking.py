"""Looking at the good images, once: their features, their kind, their digests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...core.errors import ModelError
from ...core.identity import Sha256, digest
from ...core.manifest import TaughtFrames
from ...datasets.images import read_image
from ..frame_kinds import kind_of, kinds_of
from .features import FeatureReader, Features
from .front import TAPS, Grid

LEAST_IMAGES = 8
MOST_IMAGES = 2000


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen in the images."""

    features: Features
    frames: TaughtFrames
    sha256: Sha256


def chosen(images: Sequence[Path]) -> tuple[Path, ...]:
    """Return the images to learn from: all, or `MOST_IMAGES` spread evenly over them.

    Raises ModelError when there are fewer than `LEAST_IMAGES`.
    """
    if len(images) < LEAST_IMAGES:
        raise ModelError(
            f"{len(images)} good images are too few to teach from: "
            f"give at least {LEAST_IMAGES}, better 30 or more."
        )
    places = np.linspace(0, len(images) - 1, min(len(images), MOST_IMAGES)).round().astype(int)
    return tuple(images[place] for place in places)


def look(
    images: Sequence[Path], grid: Grid, threads: int, on_image: Callable[[int], None]
) -> Looked:
    """Read every image and its features; `on_image` hears how many are done.

    Raises ImageError for one that cannot be read, ModelError when too few differ.
    """
    reader = FeatureReader(grid, threads)
    cells, frames, digests = [], [], []
    for done, path in enumerate(images, 1):
        image = read_image(path)
        cells.append(reader.read(image))
        frames.append(kind_of(image))
        digests.append(digest(image.tobytes()))
        on_image(done)
    _check_different(digests)
    features = {tap: np.concatenate([each[tap] for each in cells]) for tap in TAPS}
    return Looked(features, kinds_of(frames), digest("\n".join(sorted(digests)).encode()))


def _check_different(digests: list[str]) -> None:
    different = len(set(digests))
    if different < LEAST_IMAGES:
        raise ModelError(
            f"only {different} of the {len(digests)} good images differ: "
            f"photograph at least {LEAST_IMAGES} different parts."
        )
