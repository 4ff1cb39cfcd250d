"""Which pictures of a data set the models have seen before, looked for while a person watches."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .terminal import progress

if TYPE_CHECKING:
    from ..datasets.layout import LabelledImage
    from ..models.judge import Judge


def taught_here(
    images: "Sequence[LabelledImage]", judges: "Mapping[Path, Judge]"
) -> tuple[Path, ...]:
    """Return those of the images that one of the models, by its file, was taught on."""
    from ..models.evaluate.apart import digests_of, taught_among
    from ..models.teach.cache import taught_digests

    with progress("looking for pictures taught from") as on_progress:
        digests = digests_of(images, on_progress)
    seen: set[Path] = set()
    for model, judge in judges.items():
        known = taught_digests(model, judge.ref.sha256, judge.manifest)
        seen.update(taught_among(images, digests, judge.manifest, known))
    return tuple(image.path for image in images if image.path in seen)
