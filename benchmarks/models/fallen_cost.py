"""What it costs to find a part, turn it upright and cut it out, in processor time of one thread.

PYTHONPATH=tests python -m benchmarks.models.fallen_cost
"""

from time import process_time

import cv2
import numpy as np
from plates import fallen_plates

from edgeinspect.core.frame import Image
from edgeinspect.models.placement import WHOLE, Laying, laid
from edgeinspect.models.upright.fit import fit

INPUT_PX = 384
LARGER = (1, 2, 4)


def main() -> None:
    """Print median and 95th percentile for frames of several sizes."""
    cv2.setNumThreads(1)
    upright = Laying(upright=fit(list(fallen_plates(16, 1))))
    for times in LARGER:
        frames = [cv2.resize(each, None, fx=times, fy=times) for each in fallen_plates(12, 3)]
        images = [np.asarray(each, np.uint8) for each in frames]
        height, width = images[0].shape[:2]
        whole, turned = (_spent_ms(images, laying) for laying in (WHOLE, upright))
        print(f"{width} x {height}: whole {whole}, upright {turned}", flush=True)


def _spent_ms(images: list[Image], laying: Laying) -> str:
    laid(images[0], INPUT_PX, INPUT_PX, laying)
    spent = []
    for image in images * 2:
        start = process_time()
        laid(image, INPUT_PX, INPUT_PX, laying)
        spent.append((process_time() - start) * 1e3)
    middle, most = np.percentile(spent, (50, 95))
    return f"{middle:.1f}, {most:.1f} ms"


if __name__ == "__main__":
    main()
