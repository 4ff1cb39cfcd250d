"""Stands in for torchvision where it cannot be imported.

A torchvision built for CUDA raises beside a torch for the CPU. All that training and validating a
detector needs of it is the suppression of boxes, which ultralytics has in plain torch as well.
"""

import sys
from types import ModuleType
from typing import Any


def fill_torchvision_gap() -> None:
    """Make `import torchvision` work: the real one, else a stand-in with `ops.nms`."""
    try:
        import torchvision  # noqa: F401
    except (ImportError, RuntimeError):
        for name in [each for each in sys.modules if each.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        package: Any = ModuleType("torchvision")
        package.ops = ModuleType("torchvision.ops")
        package.ops.nms = _nms
        sys.modules |= {"torchvision": package, "torchvision.ops": package.ops}


def _nms(boxes: Any, scores: Any, iou_threshold: float) -> Any:
    from ultralytics.utils.nms import TorchNMS

    return TorchNMS.nms(boxes, scores, iou_threshold)
