"""The trainer: runs ultralytics (AGPL-3.0) in a process of its own, on the plan in a folder.

Started as `python -P -m edgeinspect.models.finetune.train PARENT_PID FOLDER`. What it makes are
files in that folder; what it says are events on standard output.
"""

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from .channel import say, take_output, tie_to
from .plan import BEST, COMPARED, HOME, LAST, LOG, NETWORK, TRAIN, TRAINED, Plan
from .torchvision_gap import fill_torchvision_gap

LEAST_COMPARED_SCORE = 0.01
OVERLAP = 0.7
OPSET = 17


def main() -> None:
    """Train, export and compare, each unless an earlier run has done it."""
    parent, folder = int(sys.argv[1]), Path(sys.argv[2])
    tie_to(parent)
    events = take_output(str(folder / LOG))
    try:
        _run(folder, Plan.read(folder), events)
    except Exception as error:
        say(events, "failed", sentence=sentence_of(error))
        raise


class RefusedError(Exception):
    """What was asked for cannot be done; `str()` says why."""


def sentence_of(error: Exception) -> str:
    """Return what went wrong in words for a person, as far as it is known."""
    said = str(error).strip().split("\n")[0].removeprefix("ERROR ❌️ ")[:300]
    if isinstance(error, RefusedError):
        return said
    if isinstance(error, ImportError):
        return f"it lacks a package ({said}); install edgeinspect[finetune] there"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"no space left to write its checkpoints ({error.strerror}); free some"
    if "out of memory" in said:
        return "out of memory; give a smaller --size or --batch"
    return f"{type(error).__name__}: {said}"


def _run(folder: Path, plan: Plan, events: TextIO) -> None:
    _prepare(folder)
    import torch
    import ultralytics

    device = f"GPU {torch.cuda.get_device_name(0)}" if torch.cuda.is_available() else "CPU"
    if plan.device == "cpu":
        device = "CPU"
    say(
        events, "ready", ultralytics=ultralytics.__version__, torch=torch.__version__, device=device
    )
    if not (folder / TRAINED).is_file():
        _train(folder, plan, events)
    say(events, "exporting")
    _export(folder, plan)
    _compare(folder, plan)
    say(events, "done", **json.loads((folder / TRAINED).read_text()))


def _prepare(folder: Path) -> None:
    """Keep ultralytics quiet, offline, and to networks: a checkpoint is a pickle."""
    home = folder / HOME
    os.environ |= {
        "ULTRALYTICS_SAFE_LOAD": "1",
        "YOLO_AUTOINSTALL": "false",
        "YOLO_CONFIG_DIR": str(home),
        "YOLO_OFFLINE": "true",
    }
    (home / "Ultralytics").mkdir(parents=True, exist_ok=True)
    # It would fetch a font to draw with; nothing is drawn, so that one lies there is enough.
    (home / "Ultralytics" / "Arial.ttf").touch()
    fill_torchvision_gap()


def _train(folder: Path, plan: Plan, events: TextIO) -> None:
    from ultralytics import YOLO

    if plan.start.endswith(".pt"):
        _check_restricted()
    last = folder / LAST
    resumed = last.is_file()
    network = YOLO(str(last) if resumed else plan.start)
    if network.task != "detect":
        raise RefusedError(f"{plan.start} is a network to {network.task}, not to detect")
    licence = _licence(network)
    for event, callback in _callbacks(folder, plan, events, licence).items():
        network.add_callback(event, callback)
    where = {"data": plan.data, "device": plan.device or None, "save_dir": str(folder / TRAIN)}
    if resumed:
        _keep(folder / BEST, folder / TRAIN / "weights" / BEST)
        network.train(resume=True, **where)
    else:
        network.train(**where, **_arguments(plan))


def _check_restricted() -> None:
    """Raise RefusedError where loading a pickle would run what is in it."""
    import ultralytics.utils
    from torch import serialization

    heeded = getattr(ultralytics.utils, "SAFE_LOAD", False)
    if not heeded or not hasattr(serialization, "get_unsafe_globals_in_checkpoint"):
        raise RefusedError(
            "this ultralytics or torch would run whatever is in a .pt file; install ultralytics "
            "8.4.190 and torch 2.6, or newer ones, there"
        )


def _arguments(plan: Plan) -> dict[str, Any]:
    # One batch is one step of the optimizer (`nbs`): by default 64 images are, so that a set of
    # 20 takes a step every third epoch. A camera that stands still needs little of the rest.
    return {
        "amp": False,
        "batch": plan.batch,
        "close_mosaic": plan.close_mosaic,
        "cos_lr": True,
        "epochs": plan.epochs,
        "exist_ok": True,
        "freeze": plan.freeze or None,
        "hsv_h": 0.01,
        "hsv_s": 0.3,
        "hsv_v": 0.3,
        "imgsz": plan.side_px,
        "lr0": plan.learning_rate,
        "mosaic": plan.mosaic,
        "nbs": plan.batch,
        "optimizer": "AdamW",
        "patience": plan.patience,
        "plots": False,
        "scale": 0.1,
        "seed": plan.seed,
        "translate": 0.05,
        "workers": min(8, os.cpu_count() or 1),
    }


def _licence(network: Any) -> str:
    """Return what the checkpoint that was begun with says of its licence; nothing for a YAML."""
    said = network.ckpt.get("license") if isinstance(network.ckpt, dict) else None
    return str(said or "").split(" ")[0]


def _callbacks(folder: Path, plan: Plan, events: TextIO, licence: str) -> dict[str, Any]:
    """Return what is done at ultralytics' events; its trainer is handed to each."""
    seen = {"batch": 0}

    def start(trainer: Any) -> None:
        import torch

        if trainer.device.type == "cpu":
            torch.set_num_threads(plan.threads)
        say(events, "started", epoch=trainer.start_epoch, epochs=trainer.epochs)

    def epoch_start(_trainer: Any) -> None:
        seen["batch"] = 0

    def batch_end(trainer: Any) -> None:
        seen["batch"] += 1
        batches = len(trainer.train_loader)
        done = trainer.epoch * batches + seen["batch"]
        say(events, "progress", done=done, total=trainer.epochs * batches)

    def saved(trainer: Any) -> None:
        if trainer.best_fitness == trainer.fitness:
            _keep(trainer.best, folder / BEST)
        _keep(trainer.last, folder / LAST)
        say(events, "epoch", epoch=trainer.epoch + 1, **_accuracy(trainer.metrics))

    def end(trainer: Any) -> None:
        _keep(trainer.best, folder / BEST)
        epochs = trainer.epoch + 1
        said = {"epochs": epochs, "stopped_early": epochs < trainer.epochs, "licence": licence}
        said |= {"best_epoch": trainer.stopper.best_epoch, **_accuracy(trainer.metrics)}
        _write(folder / TRAINED, json.dumps(said).encode())

    return {
        "on_train_start": start,
        "on_train_epoch_start": epoch_start,
        "on_train_batch_end": batch_end,
        "on_model_save": saved,
        "on_train_end": end,
    }


def _accuracy(metrics: Any) -> dict[str, float]:
    return {
        "map50": round(float(metrics.get("metrics/mAP50(B)", 0)), 4),
        "map50_95": round(float(metrics.get("metrics/mAP50-95(B)", 0)), 4),
    }


def _export(folder: Path, plan: Plan) -> None:
    from ultralytics import YOLO

    made = YOLO(str(folder / BEST)).export(
        format="onnx", imgsz=plan.side_px, opset=OPSET, simplify=False, device="cpu"
    )
    Path(made).replace(folder / NETWORK)


def _compare(folder: Path, plan: Plan) -> None:
    """Write what ultralytics itself finds in some images, in pixels of the image."""
    from ultralytics import YOLO

    found = {}
    network = YOLO(str(folder / BEST))
    for path in plan.compare:
        (result,) = network.predict(
            path,
            conf=LEAST_COMPARED_SCORE,
            device="cpu",
            imgsz=plan.side_px,
            iou=OVERLAP,
            rect=False,
            save=False,
            verbose=False,
        )
        found[path] = result.boxes.data.tolist()
    _write(folder / COMPARED, json.dumps(found).encode())


def _keep(source: Path, target: Path) -> None:
    _write(target, Path(source).read_bytes())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, or leave the one that is there."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
