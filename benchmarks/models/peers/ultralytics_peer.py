"""ultralytics: YOLO11n of six classes, made from its YAML, exported and run by itself.

There are no published weights here, so they are drawn at random. Its batch norms are set by some of
the images to teach from, and the class scores scaled so that it answers as often as a trained
detector: with boxes that mean nothing, in a detector's time.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .answer import Answer, Box, Frame, Judge
from .bare_sessions import in_onnxruntime
from .torchvision_gap import fill_torchvision_gap

SIDE_PX = 640
CLASSES = 6
LIKELY = 12
"""How many places score above 0.25 in the image that has most of them."""
LOGITS = -1.1, 4.0
"""Of a score of 0.25, and of the highest."""
CALIBRATION_IMAGES = 40
CONFIDENCE = 0.25


def _ultralytics(folder: Path) -> Any:
    os.environ |= {"YOLO_AUTOINSTALL": "false", "YOLO_OFFLINE": "true"}
    os.environ["YOLO_CONFIG_DIR"] = str(folder)
    fill_torchvision_gap()
    import torchvision
    import ultralytics
    from ultralytics.utils.nms import TorchNMS

    if not torchvision.extension._has_ops():
        torchvision.ops.nms = TorchNMS.nms  # ultralytics' own, which it uses without torchvision
    return ultralytics


def teach(_key: str, images: Sequence[Path], folder: Path) -> None:
    """Draw the weights, and export to ONNX."""
    import torch

    detector = _ultralytics(folder).YOLO("yolo11n.yaml")
    from ultralytics.nn.tasks import DetectionModel

    torch.manual_seed(0)
    detector.model = DetectionModel("yolo11n.yaml", nc=CLASSES, verbose=False)
    detector.model.names = {number: f"c{number}" for number in range(CLASSES)}
    _calibrate(detector.model, _batch(images))
    detector.ckpt = {"model": detector.model}
    detector.save(folder / "yolo11n.pt")


def _batch(images: Sequence[Path]) -> Any:
    import torch
    from ultralytics.data.augment import LetterBox

    step, lay = max(1, len(images) // CALIBRATION_IMAGES), LetterBox((SIDE_PX, SIDE_PX))
    frames = [cv2.imread(str(image)) for image in images[::step][:CALIBRATION_IMAGES]]
    pixels = np.stack([lay(image=frame)[:, :, ::-1] for frame in frames])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255


def _calibrate(network: Any, batch: Any) -> None:
    """Set the batch norms by the batch, then the last layers of the class scores."""
    import torch

    network.train()
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # a mean of all batches seen
            layer.reset_running_stats()
    with torch.no_grad():
        network(batch)
        network.eval()
        _scale([head[-1] for head in network.model[-1].cv3], network, batch)


def _scale(lasts: Sequence[Any], network: Any, batch: Any) -> None:
    """Let `LIKELY` places of one image, and fewer of the others, reach the lower logit."""
    import torch

    seen: list[Any] = []
    hooks = [
        last.register_forward_hook(lambda _, __, output: seen.append(output)) for last in lasts
    ]
    network(batch)
    for hook in hooks:
        hook.remove()
    best = torch.cat([each.amax(1).flatten(1) for each in seen], 1).sort(descending=True).values
    low, high = best[:, LIKELY].max(), best.max()
    scale = (LOGITS[1] - LOGITS[0]) / (high - low)
    for last in lasts:
        last.weight *= scale
        last.bias.copy_((last.bias - low) * scale + LOGITS[0])


def export(_key: str, folder: Path) -> None:
    """Write its ONNX and its OpenVINO form."""
    detector = _ultralytics(folder).YOLO(folder / "yolo11n.pt")
    for kind in ("onnx", "openvino"):
        detector.export(format=kind, imgsz=SIDE_PX, device="cpu")


def opened(key: str, folder: Path, runtime: str, threads: int) -> Judge:
    """Open it in openvino or onnxruntime; its name ends in `-raw` for the network alone."""
    if key.endswith("-raw"):
        run = in_onnxruntime(folder / "yolo11n.onnx", threads)
        pixels = np.zeros((1, 3, SIDE_PX, SIDE_PX), np.float32)
        return lambda _: Answer(float(run(pixels)["output0"].max()))
    file = {"openvino": "yolo11n_openvino_model", "onnxruntime": "yolo11n.onnx"}[runtime]
    detector = _ultralytics(folder).YOLO(folder / file, task="detect")

    def judge(frame: Frame) -> Answer:
        found = detector.predict(
            frame, imgsz=SIDE_PX, conf=CONFIDENCE, device="cpu", verbose=False
        )[0]
        return _answer(found.boxes.data.tolist(), found.names)

    return judge


def _answer(rows: list[list[float]], names: dict[int, str]) -> Answer:
    boxes: list[Box] = [
        (left, top, right, bottom, score, names[int(kind)])
        for left, top, right, bottom, score, kind in rows
    ]
    return Answer(max((box[4] for box in boxes), default=0.0), boxes=tuple(boxes))
