"""Which of the labelled images may tell what a model is worth: those it has not seen before."""

from collections.abc import Sequence
from pathlib import Path

from ...core.counted import counted
from ...core.errors import DatasetError, ImageError
from ...core.identity import Sha256, digest
from ...core.manifest import ModelManifest
from ...datasets.doubles import Doubles
from ...datasets.images import read_image
from ...datasets.layout import LabelledImage
from ..teach.looking import training_digest


def not_taught_on(
    images: Sequence[LabelledImage], manifest: ModelManifest, known: frozenset[Sha256]
) -> tuple[tuple[LabelledImage, ...], tuple[Path, ...]]:
    """Return the images without the good ones that the model was taught from, and those.

    `known` are the digests of the images it was taught from, as far as they are known; all of
    them together are known by their digest in the manifest. Raises DatasetError when no good
    image is left.
    """
    seen = {image.path: _digest(image.path) for image in images if image.is_good}
    is_taught_set = training_digest(filter(None, seen.values())) == manifest.training_sha256
    taught = tuple(path for path, each in seen.items() if is_taught_set or each in known)
    if taught and len(taught) == len(seen):
        raise DatasetError(
            f"{manifest.name} was taught from all good parts here "
            f"({counted(len(seen), 'image')}), of which nothing can be promised; give good parts "
            "that were kept apart."
        )
    apart = (image for image in images if not (image.is_good and image.path in taught))
    return tuple(apart), taught


def usable(images: Sequence[LabelledImage], doubles: Doubles) -> tuple[LabelledImage, ...]:
    """Return the images without copies of others, and without those to teach from.

    Raises DatasetError when one picture has two labels.
    """
    doubles.check_one_label()
    left_out = {*doubles.copies, *doubles.taught}
    return tuple(image for image in images if image.path not in left_out)


def _digest(path: Path) -> Sha256 | None:
    """Return the digest of a picture's pixels, as teaching takes it; None if it cannot be read."""
    try:
        return digest(read_image(path).tobytes())
    except ImageError:
        return None
