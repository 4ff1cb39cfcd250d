"""anomalib: PaDiM and PatchCore, taught by its engine, exported by it, run by its inferencers.

Onnxruntime has no inferencer in anomalib; its ONNX export gets the pixels that the one for OpenVINO
prepares. The scores are not normalised: that would need defective parts to learn from.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from .answer import Answer, Frame, Judge, mapped
from .bare_sessions import in_onnxruntime
from .lite0 import MEAN, SCALE, fill
from .torchvision_gap import fill_torchvision_gap

SIDE_PX = 256
CORESET = 0.01
"""Share of the cells that PatchCore keeps; a tenth, its default, takes tens of minutes."""
FREE_SIDES = {"input": {2: "height", 3: "width"}}
"""What stays open in the export; with the batch open too PatchCore's is fixed at two images."""


@dataclass(frozen=True, slots=True)
class Form:
    """One of anomalib's models, and the layers of the backbone that it looks at."""

    model: str
    backbone: str
    layers: tuple[str, ...]
    more: dict[str, Any]


LITE0, RESNET18, WIDE = "tf_efficientnet_lite0", "resnet18", "wide_resnet50_2"
FORMS = {
    "anomalib-padim": Form(
        "Padim", LITE0, ("blocks.1", "blocks.2", "blocks.4"), {"n_features": 100}
    ),
    "anomalib-padim-resnet18": Form("Padim", RESNET18, ("layer1", "layer2", "layer3"), {}),
    "anomalib-patchcore": Form(
        "Patchcore", LITE0, ("blocks.2", "blocks.4"), {"coreset_sampling_ratio": CORESET}
    ),
    "anomalib-patchcore-wide": Form(
        "Patchcore", WIDE, ("layer2", "layer3"), {"coreset_sampling_ratio": CORESET}
    ),
}


def teach(key: str, images: Sequence[Path], folder: Path) -> None:
    """Fit the model as anomalib's engine does, and keep it as a file of torch."""
    fill_torchvision_gap()
    import torch
    from anomalib.data import Folder
    from anomalib.engine import Engine

    torch.manual_seed(0)  # PaDiM draws its channels, PatchCore its first cell
    model = _model(FORMS[key])
    (folder / "good").mkdir(exist_ok=True)
    for number, image in enumerate(images):
        (folder / "good" / f"{number:04}{image.suffix}").symlink_to(image.resolve())
    # Without a split of its own for validation, anomalib's module has nothing to hand out for it.
    splits = {"test_split_mode": "none", "val_split_mode": "none"}
    data = Folder("parts", "good", folder, num_workers=0, **splits)
    data.setup()
    engine = Engine(default_root_dir=folder, accelerator="cpu", logger=False)
    engine.fit(model=model, train_dataloaders=data.train_dataloader())
    model.to_torch(folder)


def _model(form: Form) -> Any:
    import anomalib.models
    from anomalib.pre_processing import PreProcessor
    from torchvision.transforms.v2 import Compose, Normalize, Resize

    steps = [Resize((SIDE_PX, SIDE_PX), antialias=True), Normalize(mean=MEAN, std=SCALE)]
    model = getattr(anomalib.models, form.model)(
        backbone=form.backbone,
        layers=list(form.layers),
        pre_trained=False,
        pre_processor=PreProcessor(Compose(steps)),
        post_processor=False,
        evaluator=False,
        visualizer=False,
        **form.more,
    )
    if form.backbone == LITE0:
        fill(model.model.feature_extractor.feature_extractor)
    return model


def export(_key: str, folder: Path) -> None:
    """Write its ONNX and its OpenVINO form; the batch is one image."""
    fill_torchvision_gap()
    import torch

    model = torch.load(_file(folder, "torch", "pt"), weights_only=False)["model"].eval()
    model.to_onnx(folder, dynamic_axes=FREE_SIDES)
    model.to_openvino(folder, onnx_kwargs={"dynamic_axes": dict(FREE_SIDES)})


def _file(folder: Path, kind: str, suffix: str) -> Path:
    return folder / "weights" / kind / f"model.{suffix}"


def opened(_key: str, folder: Path, runtime: str, threads: int) -> Judge:
    """Open it in openvino, onnxruntime or torch."""
    fill_torchvision_gap()
    import torch

    torch.set_num_threads(threads)
    open_in = {"openvino": _in_openvino, "onnxruntime": _in_onnxruntime, "torch": _in_torch}
    predict = open_in[runtime](folder, threads)

    def judge(frame: Frame) -> Answer:
        score, anomaly_map = predict(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        return mapped(float(score), anomaly_map.squeeze(), frame)

    return judge


Predict = Callable[[Any], tuple[Any, Any]]


def _in_openvino(folder: Path, threads: int) -> Predict:
    from anomalib.deploy import OpenVINOInferencer

    config = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    inferencer = OpenVINOInferencer(_file(folder, "openvino", "xml"), "CPU", config)

    def predict(pixels: Any) -> tuple[Any, Any]:
        answer = inferencer.predict(pixels)
        return answer.pred_score.item(), answer.anomaly_map

    return predict


def _in_onnxruntime(folder: Path, threads: int) -> Predict:
    from anomalib.deploy import OpenVINOInferencer

    run = in_onnxruntime(_file(folder, "onnx", "onnx"), threads)

    def predict(pixels: Any) -> tuple[Any, Any]:
        answer = run(OpenVINOInferencer.pre_process(pixels))
        return answer["pred_score"].item(), answer["anomaly_map"]

    return predict


def _in_torch(folder: Path, _threads: int) -> Predict:
    import torch
    from anomalib.deploy import TorchInferencer

    os.environ["TRUST_REMOTE_CODE"] = "1"  # it asks for this word before it opens any pickle
    inferencer = TorchInferencer(_file(folder, "torch", "pt"), "cpu")

    def predict(pixels: Any) -> tuple[Any, Any]:
        with torch.inference_mode():
            answer = inferencer.predict(pixels)
        return answer.pred_score.item(), answer.anomaly_map.numpy()

    return predict
