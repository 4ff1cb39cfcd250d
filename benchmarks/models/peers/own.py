"""This project, as its commands teach and its station judges; and its bare session beside it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .answer import Answer, Box, Frame, Judge, mapped

MODEL = "model.onnx"
CLASSES = "c0,c1,c2,c3,c4,c5"
OPTIONS = {
    "own-fast": ("teach", "good", "--grade", "fast"),
    "own-accurate": ("teach", "good", "--grade", "accurate"),
    "own-8bit": ("teach", "good", "--grade", "fast"),
    "own-detector": (
        *("model", "import", "../yolo/yolo11n.onnx", "--layout", "yolo", "--classes", CLASSES),
        *("--images", "good", "--licence", "AGPL-3.0-only"),
    ),
}


def teach(key: str, images: Sequence[Path], folder: Path) -> None:
    """Teach by the command, or wrap the detector that ultralytics exported."""
    (folder / "good").mkdir(exist_ok=True)
    for number, image in enumerate(images):
        (folder / "good" / f"{number:04}{image.suffix}").symlink_to(image.resolve())
    if key == "own-8bit":
        _run(folder, *OPTIONS[key], "-o", "float.onnx")
        _run(folder, "quantize", "float.onnx", "good", "-o", MODEL)
    else:
        _run(folder, *OPTIONS[key], "-o", MODEL)


def _run(folder: Path, *command: str) -> None:
    program = [sys.executable, "-m", "edgeinspect.cli.main"]
    subprocess.run([*program, *command], cwd=folder, check=True, stdout=sys.stderr)


def export(key: str, folder: Path) -> None:
    """Nothing: every runtime takes the same file."""


def opened(key: str, folder: Path, runtime: str, threads: int) -> Judge:
    """Open it as the station does; its name ends in `-raw` for the session alone."""
    from edgeinspect.core.runtime import Runtime
    from edgeinspect.models.judge import load_judge

    judge = load_judge(folder / MODEL, threads=threads, runtime=Runtime(runtime))
    threshold = judge.manifest.threshold.value

    if key.endswith("-raw"):
        # A session's time does not depend on what is in the pixels.
        pixels = judge.place(judge.references[0].image()).pixels
        return lambda _: Answer(judge.session.run(pixels).score)

    def judged(frame: Frame) -> Answer:
        said = judge.judge(frame, threshold)
        if said.anomaly_map is not None:
            return mapped(said.score, said.anomaly_map, frame)
        boxes = [(*each.box_px, each.score, each.class_name) for each in said.findings]
        return Answer(said.score, boxes=tuple[Box, ...](boxes))

    return judged
