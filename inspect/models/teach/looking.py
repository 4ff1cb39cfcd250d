"""Looking at the good images, once: their features, their kind, their digests."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...core.counted import counted
from ...core.errors import ModelError
from ...core.frame import Image
from ...core.identity import Sha256, digest
from ...core.manifest import TaughtFrames
from ...core.region import Region
from ...datasets.images import read_image
from ...decision.frame_gate import is_grey
from ..gates import gates_of
from ..placement import Laying
from ..region import check_frame, cut_out
from ..upright.fit import ENOUGH_IMAGES, fit
from ..usual_gates import Measured, measured
from .features import FeatureReader, Features
from .form import Form

LEAST_IMAGES = 8
MOST_IMAGES = 2000


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of picture one was: its size in pixels, and whether it was grey."""

    width_px: int
    height_px: int
    grey: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen in the images: features, kinds, digests and how well, in their order."""

    features: Features
    kinds: tuple[Kind, ...]
    digests: tuple[Sha256, ...]
    gates: Measured

    def __len__(self) -> int:
        return len(self.digests)

    @property
    def sha256(self) -> Sha256:
        """The digest over the digests of the images, whatever their order."""
        return training_digest(self.digests)

    @property
    def frames(self) -> TaughtFrames:
        """The range of the frames seen."""
        return TaughtFrames(
            min_width_px=min(kind.width_px for kind in self.kinds),
            max_width_px=max(kind.width_px for kind in self.kinds),
            min_height_px=min(kind.height_px for kind in self.kinds),
            max_height_px=max(kind.height_px for kind in self.kinds),
            grey=all(kind.grey for kind in self.kinds),
        )

    def and_also(self, more: Self) -> Self:
        """Return what was seen in these images and then in `more`."""
        features = {
            tap: np.concatenate([cells, more.features[tap]]) for tap, cells in self.features.items()
        }
        gates = np.concatenate([self.gates, more.gates])
        return type(self)(features, self.kinds + more.kinds, self.digests + more.digests, gates)

    def only(self, places: NDArray[np.intp]) -> Self:
        """Return what was seen in the images at these places."""
        features = {tap: cells[places] for tap, cells in self.features.items()}
        kinds = tuple(self.kinds[place] for place in places)
        digests = tuple(self.digests[place] for place in places)
        return type(self)(features, kinds, digests, self.gates[places])


def chosen(images: Sequence[Path]) -> tuple[Path, ...]:
    """Return the images to learn from: all, or `MOST_IMAGES` spread evenly over them.

    Raises ModelError when there are fewer than `LEAST_IMAGES`.
    """
    if len(images) < LEAST_IMAGES:
        raise ModelError(
            f"too few to teach from, {counted(len(images), 'good image')}: "
            f"give at least {LEAST_IMAGES}, better 30 or more."
        )
    places = np.linspace(0, len(images) - 1, min(len(images), MOST_IMAGES)).round().astype(int)
    return tuple(images[place] for place in places)


def laying_of(images: Sequence[Path], region: Region | None) -> Laying:
    """Return how frames are laid: their region, with parts turned upright in it if that helps.

    In a region that is no upright box they are not: its rim would be taken for the part's.
    Raises ImageError for an image that cannot be read.
    """
    if region is not None and not region.is_box:
        return Laying(region)
    places = np.linspace(0, len(images) - 1, min(len(images), ENOUGH_IMAGES)).round().astype(int)
    taken = (read_image(images[place]) for place in places)
    seen = taken if region is None else (cut_out(image, region).pixels for image in taken)
    return Laying(region, fit(seen))


def look(
    images: Sequence[Path],
    form: Form,
    laying: Laying,
    threads: int,
    on_image: Callable[[int], None],
) -> Looked:
    """Read every image and its features; `on_image` hears how many are done.

    Raises ImageError for one that cannot be read, ModelError for one that the region is not for.
    """
    reader = FeatureReader(form, laying, threads)
    cells, kinds, digests, gates = [], [], [], []
    for done, path in enumerate(images, 1):
        image = read_image(path)
        check_frame(laying.region, image, path)
        placed = reader.laid(image)
        cells.append(reader.read_placed(placed))
        gates.append(gates_of(placed))
        kinds.append(_kind_of(image))
        digests.append(digest(image.tobytes()))
        on_image(done)
    features = {tap: np.concatenate([each[tap] for each in cells]) for tap in form.taps}
    return Looked(features, tuple(kinds), tuple(digests), measured(gates))


def training_digest(digests: Iterable[Sha256]) -> Sha256:
    """Return the digest of a set of images, whatever their order, from those of their pixels."""
    return digest("\n".join(sorted(digests)).encode())


def check_different(looked: Looked) -> None:
    """Raise ModelError when too few of the images differ."""
    different = len(set(looked.digests))
    if different < LEAST_IMAGES:
        raise ModelError(
            f"only {counted(different, 'different image')} among {len(looked)} good ones: "
            f"photograph at least {LEAST_IMAGES} different parts."
        )


def _kind_of(image: Image) -> Kind:
    return Kind(image.shape[1], image.shape[0], is_grey(image))
