"""Who takes part, and what each runs with."""

from dataclasses import dataclass

ANOMALY, DETECTION = "anomaly", "detection"
OPENVINO, FLOAT32, ONNXRUNTIME, TORCH = "openvino", "openvino-float32", "onnxruntime", "torch"
RUNTIMES = (OPENVINO, FLOAT32, ONNXRUNTIME, TORCH)
"""OpenVINO by itself counts in bfloat16 where the processor can; this project keeps to float32."""
WITHOUT_TORCH = (OPENVINO, FLOAT32, ONNXRUNTIME)

LITE0 = "EfficientNet-Lite0"


@dataclass(frozen=True, slots=True)
class Entry:
    """One that takes part: `key` names it to its module, `taught` the folder it is opened from.

    `scored` is False where the answer means nothing, so that only its time is told.
    """

    key: str
    name: str
    environment: str
    module: str
    backbone: str
    task: str = ANOMALY
    runtimes: tuple[str, ...] = RUNTIMES
    scored: bool = True
    taught: str = ""

    @property
    def folder(self) -> str:
        """Name of the folder that it is taught into."""
        return self.taught or self.key


def _own(key: str, name: str, taught: str = "", task: str = ANOMALY) -> Entry:
    backbone = LITE0 if task == ANOMALY else "YOLO11n"
    scored = task == ANOMALY and not taught
    return Entry(key, name, "edgeinspect", "own", backbone, task, WITHOUT_TORCH, scored, taught)


ENTRIES = (
    _own("own-fast-raw", "raw session of EdgeInspect `fast`", "own-fast"),
    _own("own-fast", "EdgeInspect `fast`"),
    _own("own-8bit", "EdgeInspect `fast` in 8 bits"),
    _own("own-accurate", "EdgeInspect `accurate`"),
    Entry("anomalib-padim", "anomalib PaDiM", "anomalib", "anomalib_peer", LITE0),
    Entry("anomalib-patchcore", "anomalib PatchCore, 1 %", "anomalib", "anomalib_peer", LITE0),
    Entry(
        *("anomalib-padim-resnet18", "anomalib PaDiM", "anomalib", "anomalib_peer"),
        *("ResNet-18, its default, no weights", ANOMALY, RUNTIMES, False),
    ),
    Entry(
        *("anomalib-patchcore-wide", "anomalib PatchCore, 1 %", "anomalib", "anomalib_peer"),
        *("Wide ResNet-50-2, its default, no weights", ANOMALY, RUNTIMES, False),
    ),
    Entry("anomavision-padim", "anomavision PaDiM", "anomavision", "anomavision_peer", LITE0),
    Entry(
        *("anomavision-patchcore", "anomavision PatchCore", "anomavision"),
        *("anomavision_peer", LITE0),
    ),
    Entry(
        *("yolo", "ultralytics predict", "ultralytics", "ultralytics_peer", "YOLO11n"),
        *(DETECTION, WITHOUT_TORCH, False),
    ),
    Entry(
        *("yolo-raw", "raw session of its ONNX", "ultralytics", "ultralytics_peer", "YOLO11n"),
        *(DETECTION, (ONNXRUNTIME,), False, "yolo"),
    ),
    _own("own-detector-raw", "raw session of EdgeInspect", "own-detector", DETECTION),
    _own("own-detector", "EdgeInspect", "", DETECTION),
)
"""In the order they are taught; EdgeInspect wraps the detector that ultralytics exported."""
