"""What it costs to look for parts in every picture of a camera.

PYTHONPATH=tests python -m benchmarks.camera.present [--width 1920 --height 1080]

To be run on a machine that does nothing else: the thread that grabs does this between two frames.
"""

from argparse import ArgumentParser
from time import perf_counter

import cv2
import numpy as np
from belts import Belt, Part, filmed

from edgeinspect.camera.present.eye import Eye
from edgeinspect.camera.present.options import Present
from edgeinspect.camera.present.small import small
from edgeinspect.core.frame import Image

PICTURES, WARM = 200, 20
BELT = Belt([Part(-120.0 * number) for number in range(30)], weave=3)


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    said = parser.parse_args()
    size = said.width, said.height
    pictures = [_sized(BELT.seen(9.0 * each, seed=each), size) for each in range(PICTURES)]
    empty = _sized(Belt(weave=3).seen(0), size)
    for axis in ("x", "y"):
        present = Present(axis=axis)
        eye = Eye(present, empty)
        spent_ms, parts = [], 0
        for frame in filmed(pictures):
            begun_s = perf_counter()
            parts += len(eye.look(frame))
            spent_ms.append((perf_counter() - begun_s) * 1e3)
        begun_s = perf_counter()
        for picture in pictures:
            small(picture, present)
        small_ms = (perf_counter() - begun_s) * 1e3 / PICTURES
        p50, p99 = np.percentile(spent_ms[WARM:], [50, 99])
        print(
            f"{said.width}x{said.height} axis={axis}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, "
            f"worst {max(spent_ms[WARM:]):.2f} ms; {small_ms:.2f} of it to make it small; "
            f"{parts} parts"
        )


def _sized(image: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(image, size), np.uint8)


if __name__ == "__main__":
    main()
