"""Which of the labelled images may tell what a model is worth: those it has not seen before."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from ...core.counted import counted
from ...core.errors import DatasetError, ImageError
from ...core.identity import Sha256, digest
from ...core.manifest import ModelManifest
from ...datasets.doubles import Doubles
from ...datasets.images import read_image
from ...datasets.layout import LabelledImage
from ..progress import OnProgress, silent
from ..teach.looking import training_digest

Digests = Mapping[Path, Sha256 | None]
"""The digest of each picture's pixels, as teaching takes it; None where it cannot be read."""


def digests_of(images: Sequence[LabelledImage], on_progress: OnProgress = silent) -> Digests:
    """Return the digests of the pictures; `on_progress` hears how many are done."""
    digests: dict[Path, Sha256 | None] = {}
    for done, image in enumerate(images, 1):
        digests[image.path] = _digest(image.path)
        on_progress(done, len(images))
    return digests


def taught_among(
    images: Sequence[LabelledImage],
    digests: Digests,
    manifest: ModelManifest,
    known: frozenset[Sha256],
) -> tuple[Path, ...]:
    """Return those of the images that the model was taught on, as good or with marked defects.

    `known` are the digests of the images it was taught on, as far as they are known one by one.
    The manifest has a digest for all good ones together, and one for all with marked defects.
    """
    good = {image.path for image in images if image.is_good}
    bad = {image.path for image in images} - good
    seen = {path for path, each in digests.items() if each in known}
    if _together(good, digests) == manifest.training_sha256:
        seen |= good
    if manifest.known is not None and _together(bad, digests) == manifest.known.sha256:
        seen |= bad
    return tuple(image.path for image in images if image.path in seen)


def kept_apart(
    images: Sequence[LabelledImage], taught: Collection[Path], name: str
) -> tuple[LabelledImage, ...]:
    """Return the images that `taught` does not name.

    Raises DatasetError when the model of this name was taught on all there were.
    """
    apart = tuple(image for image in images if image.path not in taught)
    if images and not apart:
        raise DatasetError(
            f"{name} was taught from all parts here ({counted(len(images), 'image')}), which tell "
            "nothing of it; give parts that were kept apart."
        )
    return apart


def check_good_left(images: Sequence[LabelledImage], taught: Collection[Path], name: str) -> None:
    """Raise DatasetError when the model was taught from every good one of the images."""
    good = [image.path for image in images if image.is_good]
    if good and all(path in taught for path in good):
        raise DatasetError(
            f"{name} was taught from all good parts here ({counted(len(good), 'image')}), of which "
            "nothing can be promised; give good parts that were kept apart."
        )


def usable(images: Sequence[LabelledImage], doubles: Doubles) -> tuple[LabelledImage, ...]:
    """Return the images without copies of others, and without those to teach from.

    Raises DatasetError when one picture has two labels.
    """
    doubles.check_one_label()
    left_out = {*doubles.copies, *doubles.taught}
    return tuple(image for image in images if image.path not in left_out)


def _together(paths: Collection[Path], digests: Digests) -> Sha256:
    return training_digest(filter(None, (digests[path] for path in paths)))


def _digest(path: Path) -> Sha256 | None:
    try:
        return digest(read_image(path).tobytes())
    except ImageError:
        return None
