"""When there are enough drawn boxes to teach from, and how large the input is for them."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from statistics import median
from types import MappingProxyType

import numpy as np

from ....core.manifest import Grade
from ....datasets.labels.boxes import BoxedImage
from ....datasets.marked import MarkedDefects
from ..form import FINE_SIDE_PX, Size, fitting

ENOUGH_BOXES = 20
"""Of a usual class."""
SPANNED_PX = MappingProxyType({Grade.FAST: 32, Grade.ACCURATE: 40})
"""What a small box spans in the input; nine in ten are larger. Two cells of the network are 32."""
SMALL_SHARE = 10
MOST_SIDE_PX = 1024


def enough_boxes(defects: MarkedDefects) -> tuple[BoxedImage, ...]:
    """Return the images whose boxes teach to draw boxes; none where too few were drawn."""
    images = tuple(image for image in defects.images if isinstance(image, BoxedImage))
    counts = Counter(box.class_index for image in images for box in image.boxes)
    is_enough = bool(counts) and median(counts.values()) >= ENOUGH_BOXES
    return images if is_enough else ()


def fine_for_boxes(images: Sequence[BoxedImage], grade: Grade, asked: Size | None) -> Size:
    """Return the input in which a small box spans `SPANNED_PX`; never smaller than the grade's own
    or what was `asked` for, nor larger than `MOST_SIDE_PX` unless that is.
    """
    shares = [
        sqrt((right - left) * (bottom - top) / (image.width_px * image.height_px))
        for image in images
        for left, top, right, bottom in (box.box_px for box in image.boxes)
    ]
    side = SPANNED_PX[grade] / float(np.percentile(shares, SMALL_SHARE))
    stretch = sqrt(median(image.width_px / image.height_px for image in images))
    least = asked or Size(FINE_SIDE_PX[grade], FINE_SIDE_PX[grade])
    return Size(
        max(fitting(side * stretch, grade, MOST_SIDE_PX), least.width_px),
        max(fitting(side / stretch, grade, MOST_SIDE_PX), least.height_px),
    )
