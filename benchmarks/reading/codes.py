"""How many codes are read, turned and seen well or badly, and what it costs; to be run quiet.

PYTHONPATH=tests python -m benchmarks.reading.codes
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np
from codes import picture_of

from edgeinspect.camera.serial import read_serial
from edgeinspect.core.serial import Code, SerialRules

TEXT = "EW26-000060"
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "3.4 px a module, usual": {"module_px": 3.4},
    "3.4 px, faint (30 of 255)": {"module_px": 3.4, "levels": (110, 140)},
    "3 px, noisy and faint": {"module_px": 3, "noise": 6, "levels": (100, 140)},
    "2 px a module": {"module_px": 2.1},
    "2 px, noisy": {"module_px": 2.1, "noise": 6},
    "no code in view": {"levels": (230, 230)},
}
TURNS_DEG = range(3, 360, 12)
SIZE = (640, 640)
REGION = (20, 20, 620, 620)


def main() -> None:
    """Print a line for each kind and look: at once, and in a region."""
    print(f"{len(TURNS_DEG)} turns each, 640 x 640 pixels; in a region of 600 x 600")
    for code in Code:
        for name, look in LOOKS.items():
            at_once, patient = _tried(code, look, None), _tried(code, look, REGION)
            print(f"{code:11} {name:26} {at_once}   in a region {patient}", flush=True)
    every = SerialRules(codes=tuple(Code))
    blank = picture_of(Code.QR, TEXT, levels=(90, 90), noise=4, size=SIZE)
    print(f"all three kinds, none in view: {_median_ms(blank, every):.1f} ms")


def _tried(code: Code, look: Mapping[str, Any], region: tuple[int, int, int, int] | None) -> str:
    rules = SerialRules(codes=(code,), region_px=region)
    spent_ms, right, wrong = [], 0, 0
    for turn in TURNS_DEG:
        image = picture_of(code, TEXT, turn_deg=turn, size=SIZE, **look)
        start = perf_counter()
        serial = read_serial(image, rules).serial
        spent_ms.append((perf_counter() - start) * 1e3)
        right += serial == TEXT
        wrong += serial not in (TEXT, None)
    share = 100 * right / len(TURNS_DEG)
    return f"{share:3.0f} % read, {wrong} wrong, {np.median(spent_ms):5.1f} ms"


def _median_ms(image: Any, rules: SerialRules) -> float:
    spent = []
    for _ in range(50):
        start = perf_counter()
        read_serial(image, rules)
        spent.append(perf_counter() - start)
    return float(np.median(spent)) * 1e3


if __name__ == "__main__":
    main()
