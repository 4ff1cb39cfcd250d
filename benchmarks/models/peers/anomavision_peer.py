"""anomavision: PaDiM and PatchCore as its commands build, export and run them.

It loads its backbones from the net. In place of its resnet18 stands EfficientNet-Lite0, cut into
stages of the same strides (4, 8, 16, 32). Frames are stretched to its 224x224; its crop of the
middle, which would cut defects off, is left out.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2

from .answer import Answer, Frame, Judge, mapped
from .lite0 import MEAN, SCALE, as_published
from .torchvision_gap import fill_torchvision_gap

SIDE_PX = 224
CHANNELS = {0: [24], 1: [40], 2: [112], 3: [320]}
FILES = {"openvino": "model_openvino", "onnxruntime": "model.onnx", "torch": "model.pt"}
BLUR = {"kernel_size": 33, "sigma": 4}
"""As its command `detect` smooths maps."""
MODELS = {"anomavision-padim": "Padim", "anomavision-patchcore": "PatchCore"}


def teach(key: str, images: Sequence[Path], folder: Path) -> None:
    """Fit the model with its defaults, and keep it as a file of torch."""
    anomavision = _with_lite0()
    from torch import save
    from torch.utils.data import DataLoader

    (folder / "good").mkdir(exist_ok=True)
    for number, image in enumerate(images):
        (folder / "good" / f"{number:04}{image.suffix}").symlink_to(image.resolve())
    data = anomavision.AnodetDataset(str(folder / "good"), **_preparation())
    model = getattr(anomavision, MODELS[key])()
    model.fit(DataLoader(data, batch_size=2))
    save(model, folder / FILES["torch"])


def _with_lite0() -> Any:
    fill_torchvision_gap()
    import anomavision
    from anomavision.algorithm.common import feature_extraction
    from anomavision.algorithm.padim import padim

    feature_extraction.BACKBONES["resnet18"] = (lambda **_: _stages(), None)
    padim.BACKBONE_FEATURE_SIZES["resnet18"] = CHANNELS
    return anomavision


def _stages() -> Any:
    from torch.nn import Module, Sequential

    network, stages = as_published(SIDE_PX), Module()
    blocks = list(network._blocks)
    stages.conv1, stages.bn1, stages.relu = network._conv_stem, network._bn0, network._swish
    stages.maxpool = blocks[0]
    stages.layer1, stages.layer2 = Sequential(*blocks[1:3]), Sequential(*blocks[3:5])
    stages.layer3, stages.layer4 = Sequential(*blocks[5:11]), Sequential(*blocks[11:])
    return stages


def _preparation() -> dict[str, Any]:
    return {"resize": (SIDE_PX, SIDE_PX), "crop_size": None, "mean": MEAN, "std": SCALE}


def export(key: str, folder: Path) -> None:
    """Write its ONNX and its OpenVINO form."""
    _with_lite0()
    from anomavision.export import ModelExporter

    exporter = ModelExporter(folder / FILES["torch"], folder, logging.getLogger(key), "cpu")
    shape = (1, 3, SIDE_PX, SIDE_PX)
    if not exporter.export_onnx(shape, FILES["onnxruntime"]):
        raise SystemExit("anomavision could not write its ONNX form.")
    if not exporter.export_openvino(shape, FILES["openvino"]):
        raise SystemExit("anomavision could not write its OpenVINO form.")


def opened(_key: str, folder: Path, runtime: str, threads: int) -> Judge:
    """Open it in openvino, onnxruntime or torch; the first two take all processors they may use."""
    _with_lite0()
    import torch
    from anomavision.inference.model.wrapper import ModelWrapper
    from anomavision.utils import adaptive_gaussian_blur, create_image_transform
    from PIL.Image import fromarray

    torch.set_num_threads(threads)
    prepare = create_image_transform(**_preparation())
    model = ModelWrapper(str(folder / FILES[runtime]), "cpu")

    def judge(frame: Frame) -> Answer:
        pixels = prepare(fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)))
        scores, maps = model.predict(pixels.unsqueeze(0))
        return mapped(scores.item(), adaptive_gaussian_blur(maps, **BLUR)[0], frame)

    return judge
