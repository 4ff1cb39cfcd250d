"""How long a frame takes in each runtime, in float32 and in 8 bits, all taking turns.

    python benchmarks/models/runtimes.py PART.onnx PART8.onnx [--threads 2] [--runs 200]

PART8.onnx is what `edgeinspect quantize` made of PART.onnx. Every turn runs each of them once, so
that a busy machine is busy for all; the ratios are to the first, onnxruntime in float32.
"""

import argparse
from pathlib import Path
from statistics import median
from time import perf_counter

from edgeinspect.core.runtime import Runtime
from edgeinspect.models.judge import load_judge

WARM_UP_RUNS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=200)
    given = parser.parse_args()
    judges = {
        (str(path), runtime.value): load_judge(path, threads=given.threads, runtime=runtime)
        for path in given.models
        for runtime in (Runtime.ONNXRUNTIME, Runtime.OPENVINO)
    }
    first = next(iter(judges.values()))
    pixels = first.place(first.references[0].image()).pixels
    taken: dict[tuple[str, str], list[float]] = {name: [] for name in judges}
    for _ in range(given.runs + WARM_UP_RUNS):
        for name, judge in judges.items():
            start = perf_counter()
            judge.session.run(pixels)
            taken[name].append(perf_counter() - start)
    whole = median(next(iter(taken.values()))[WARM_UP_RUNS:])
    print("| model | runtime | median ms | ratio |")
    print("|---|---|---|---|")
    for (model, runtime), times in taken.items():
        middle = median(times[WARM_UP_RUNS:])
        print(f"| {model} | {runtime} | {middle * 1e3:.1f} | {middle / whole:.2f} |")


if __name__ == "__main__":
    main()
