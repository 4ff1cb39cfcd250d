"""What is taught from drawn boxes, and what it said of the good parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ....core.counted import counted
from ....core.errors import DatasetError, ModelError
from ....datasets.images import read_image
from ....datasets.labels.boxes import BoxedImage
from ...placement import Laying, laid
from ..form import Form
from .boxes import DrawnPicture, drawn_picture
from .head import BoxHead, Loudest
from .inputs import InputReader
from .teach_head import Plan, teach_head

MOST_PIXELS = 2**29
"""Of all pictures with boxes as they lie in the input; they stay in memory while it is taught."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The head, and the loudest cells of each good part. It was not taught on those, so what it
    says of them it says of any.
    """

    head: BoxHead
    good: Loudest

    def and_also(self, more: Loudest) -> Self:
        """Return the same with more good parts."""
        return replace(self, good=self.good.and_also(more))

    def only(self, places: NDArray[np.intp]) -> Self:
        """Return the same with the good parts at these places."""
        return replace(self, good=self.good.only(places))


def looks_of(boxed: Sequence[BoxedImage]) -> int:
    """Return how many pictures `taught_head` looks at."""
    return Plan(len(boxed)).looks if boxed else 0


def taught_head(
    boxed: Sequence[BoxedImage],
    classes: int,
    form: Form,
    laying: Laying,
    threads: int,
    on_look: Callable[[int], None],
) -> BoxHead:
    """Teach a head from images with drawn boxes.

    Raises ImageError for an image that cannot be read, DatasetError where no box lies inside the
    part, ModelError when there are too many images.
    """
    pixels = form.input.width_px * form.input.height_px
    most = MOST_PIXELS // pixels
    if len(boxed) > most:
        raise ModelError(
            f"{counted(len(boxed), 'image')} with boxes at {form.input.width_px}x"
            f"{form.input.height_px}: too much for the memory; give at most {most}."
        )
    pictures = [_laid(image, form, laying) for image in boxed]
    return teach_head(pictures, classes, form.input, threads, on_look)


def loudest_of(
    images: Sequence[Path],
    head: BoxHead,
    form: Form,
    laying: Laying,
    threads: int,
    on_image: Callable[[int], None],
) -> Loudest:
    """Return the cells of good parts that speak loudest; `on_image` hears how many are done."""
    reader, size, seen = InputReader(form.input, threads), form.input, []
    for done, path in enumerate(images, 1):
        placed = laid(read_image(path), size.width_px, size.height_px, laying)
        seen.append(head.loudest(reader.read(placed.pixels)))
        on_image(done)
    return reduce(Loudest.and_also, seen)


def _laid(image: BoxedImage, form: Form, laying: Laying) -> DrawnPicture:
    size = form.input
    placed = laid(read_image(image.path), size.width_px, size.height_px, laying)
    picture = drawn_picture(placed, image.boxes)
    if not len(picture.corners):
        raise DatasetError(f"{image.path}: its boxes lie outside the part; mend them.")
    return picture
