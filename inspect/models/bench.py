"""What the way from a frame to its verdict costs, beside the bare model on the same box."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

import cv2
import numpy as np
import psutil

from ..core.frame import Image
from ..core.recipe import Recipe
from ..decision.decide import Decision, decide, threshold_of
from ..decision.frame_gate import unlike_taught
from .judge import ModelJudge

FRAME_WIDTH_PX, FRAME_HEIGHT_PX = 640, 480
WARM_UP_RUNS = 20


@dataclass(frozen=True, slots=True)
class Bench:
    """Medians of runs that took turns in one process.

    `raw_ms` is the runtime alone on the resized pixels; `judge_ms` is from a 640x480 frame in
    memory to its verdict.
    """

    raw_ms: float
    judge_ms: float
    ratio: float
    runtime: str
    threads: int
    runs: int
    memory_mb: float


def bench(judge: ModelJudge, *, threads: int, runs: int = 200) -> Bench:
    """Time `judge`, which was loaded with `threads`, on a frame like those it was taught on."""
    frame = _frame(judge)
    pixels, recipe = judge.place(frame).pixels, Recipe()
    raw_s, judge_s = [], []
    for run in range(runs + WARM_UP_RUNS):
        start = perf_counter()
        judge.session.run(pixels)
        between = perf_counter()
        _verdict(frame, judge, recipe)
        end = perf_counter()
        if run >= WARM_UP_RUNS:
            raw_s.append(between - start)
            judge_s.append(end - between)
    raw_ms, judge_ms = median(raw_s) * 1e3, median(judge_s) * 1e3
    return Bench(
        raw_ms=round(raw_ms, 3),
        judge_ms=round(judge_ms, 3),
        ratio=round(judge_ms / raw_ms, 3),
        runtime=judge.ref.runtime,
        threads=threads,
        runs=runs,
        memory_mb=round(psutil.Process().memory_info().rss / 1e6, 1),
    )


def _frame(judge: ModelJudge) -> Image:
    """Return a camera's frame that shows what the model was taught on."""
    size = FRAME_WIDTH_PX, FRAME_HEIGHT_PX
    return np.asarray(cv2.resize(judge.references[0].image(), size), np.uint8)


def _verdict(frame: Image, judge: ModelJudge, recipe: Recipe) -> Decision:
    # The gate's answer does not matter here, its time does: a model taught on frames of another
    # size is timed all the same.
    unlike_taught(frame, judge.manifest.taught_frames)
    suggested = judge.manifest.threshold.value
    return decide(judge.judge(frame, threshold_of(recipe, suggested)), recipe, suggested)
