"""One peer in a process of its own, in its own environment.

    python -m peers.worker teach MODULE KEY FOLDER
    python -m peers.worker serve MODULE KEY FOLDER RUNTIME THREADS

It is asked by JSON lines, and answers each by one. `teach` reads the paths of the images to teach
from, and answers once it can be opened and once it is exported. `serve` answers when it is ready;
then a list of images is judged one after another, each read before its time is taken, and
`null` is answered with the most memory that the process ever had.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO, cast

import cv2
import numpy as np

from .answer import Answer, Judge, Module
from .bare_sessions import keep_openvino_to_float32


def teach(module: Module, key: str, folder: Path, answers: TextIO) -> None:
    images = [Path(image) for image in json.loads(sys.stdin.readline())]
    module.teach(key, images, folder)
    _tell(answers, "taught")
    module.export(key, folder)
    _tell(answers, "exported")


def serve(judge: Judge, answers: TextIO) -> None:
    _tell(answers, "ready")
    for line in sys.stdin:
        asked = json.loads(line)
        _tell(answers, _most_memory_mb() if asked is None else _judged(judge, asked))


def _judged(judge: Judge, images: list[str]) -> list[dict[str, Any]]:
    judge(_frame(images[0]))  # what the others left in the caches is not this one's time
    return [_timed(judge, image) for image in images]


def _timed(judge: Judge, image: str) -> dict[str, Any]:
    frame = _frame(image)
    start = perf_counter()
    answer = judge(frame)
    ms = (perf_counter() - start) * 1e3
    _check(answer, frame)
    return {"ms": ms, "score": answer.score, "boxes": answer.boxes}


def _frame(image: str) -> Any:
    frame = cv2.imread(image, cv2.IMREAD_COLOR)
    if frame is None:
        raise SystemExit(f"{image} cannot be read.")
    return frame


def _check(answer: Answer, frame: Any) -> None:
    if answer.anomaly_map is not None and answer.anomaly_map.shape != frame.shape[:2]:
        raise SystemExit(f"the map is {answer.anomaly_map.shape}, the frame {frame.shape[:2]}.")
    if not np.isfinite(answer.score):
        raise SystemExit(f"the score is {answer.score}.")


def _most_memory_mb() -> float:
    # Not `getrusage`: it counts what the process that started this one had, too.
    status = Path("/proc/self/status").read_text().splitlines()
    kb = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    return int(kb) * 1024 / 1e6


def _tell(answers: TextIO, answer: object) -> None:
    print(json.dumps(answer), file=answers, flush=True)


def main() -> None:
    doing, name, key, folder, *rest = sys.argv[1:]
    # What a peer prints itself goes to stderr, so that only answers come out here.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = cast(Module, importlib.import_module(f"peers.{name}"))
    if doing == "teach":
        teach(peer, key, Path(folder), answers)
        return
    runtime, threads = rest[0], int(rest[1])
    if runtime == "openvino-float32":
        runtime = keep_openvino_to_float32()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    serve(peer.opened(key, Path(folder), runtime, threads), answers)


if __name__ == "__main__":
    main()
