"""Fine-tuning on two cores: 20 boards are overfitted from scratch, killed once on the way, resumed.

    EDGEINSPECT_DATA=... python benchmarks/models/finetune.py FOLDER [--epochs 300] [--size 320]

FOLDER is made, or gone on with. The boards are every 12th of DeepPCB's trainval; the detector is
measured on the very boards it is taught from, so that mAP50 shows that it learns, not what it is
worth. The export is compared with ultralytics' own predictions by the product itself, on all boards
here. Prints one JSON object.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

BOARDS, STEP = 20, 12
CLASSES = "open, short, mousebite, spur, copper, pin-hole"
SIDE_PX = 640


def lay_out(folder: Path, source: Path) -> None:
    """Link the boards into `folder`, with labels in YOLO's form, to teach and to measure on."""
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for board in sorted((source / "defective").glob("*.jpg"))[::STEP][:BOARDS]:
        link = folder / "images" / board.name
        if not link.exists():
            link.symlink_to(board.resolve())
        lines = (source / "labels" / f"{board.stem}.txt").read_text().splitlines()
        text = "".join(yolo_line(line) for line in lines if line.strip())
        (folder / "labels" / f"{board.stem}.txt").write_text(text)
    (folder / "data.yaml").write_text(f"train: images\nval: images\nnames: [{CLASSES}]\n")


def yolo_line(line: str) -> str:
    left, top, right, bottom, number = map(int, line.split())
    middle = (left + right) / 2 / SIDE_PX, (top + bottom) / 2 / SIDE_PX
    size = (right - left) / SIDE_PX, (bottom - top) / SIDE_PX
    return f"{number - 1} {' '.join(f'{value:.6f}' for value in (*middle, *size))}\n"


def run(command: list[str], kill_after_epoch: int | None) -> tuple[str, float]:
    """Run to the end, or kill it when it tells an epoch; return what it printed, and seconds."""
    start = monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stdout is not None
    for line in process.stderr:
        print(f"{monotonic() - start:7.0f} s  {line.rstrip()}", file=sys.stderr)
        if kill_after_epoch and line.startswith(f"epoch {kill_after_epoch} of"):
            process.send_signal(signal.SIGKILL)
    return process.stdout.read(), monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--size", type=int, default=320)
    said = parser.parse_args()
    data = Path(os.environ["EDGEINSPECT_DATA"]) / "deeppcb" / "trainval"
    lay_out(said.folder / "boards", data)
    command = [
        sys.executable,
        "-m",
        "edgeinspect.cli.main",
        "finetune",
        str(said.folder / "boards"),
    ]
    command += ["-o", str(said.folder / "boards.onnx"), "--size", str(said.size)]
    command += ["--epochs", str(said.epochs), "--json"]
    _, first_s = run(command, kill_after_epoch=max(2, said.epochs // 3))
    printed, second_s = run([*command, "--resume"], None)
    answer = json.loads(printed)
    del answer["manifest"]
    print(json.dumps(answer | {"seconds": round(first_s + second_s)}, indent=2))


if __name__ == "__main__":
    main()
