"""What a manifest says of the defects a model knows."""

import numpy as np
from numpy.typing import NDArray

from ....core.manifest import KnownClass, KnownDefects
from .looking import Marked


def known_of(marked: Marked, scores: NDArray[np.float32] | None, threshold: float) -> KnownDefects:
    """Return how many examples each class has, and how many of its parts models taught without
    them would catch.

    `scores` (images,) are those models' scores, NaN where no such model could be taught; None
    where none was.
    """
    if scores is None:
        scores = np.full(len(marked), np.nan, np.float32)
    classes = tuple(
        _class(marked, index, name, scores, threshold) for index, name in enumerate(marked.classes)
    )
    return KnownDefects(classes=classes, images=len(scores), sha256=marked.sha256)


def _class(
    marked: Marked, index: int, name: str, scores: NDArray[np.float32], threshold: float
) -> KnownClass:
    own = [mark for mark in marked.marks if mark.class_index == index]
    held_out = scores[sorted({mark.image for mark in own})]
    held_out = held_out[~np.isnan(held_out)]
    return KnownClass(
        name=name,
        examples=len(own),
        held_out_parts=len(held_out),
        held_out_caught=int((held_out >= threshold).sum()),
    )
