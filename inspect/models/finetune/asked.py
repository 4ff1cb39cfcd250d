"""What is asked of a fine-tuning, and what comes of it."""

from dataclasses import dataclass
from pathlib import Path

from ...core.manifest import ModelManifest
from ...core.region import CornerPx
from ...datasets.labels.boxes import BoxDataset


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `start` is a `.pt` file, or the name of a network's YAML.

    `epochs` and `batch` overrule what would be chosen for so many images.
    """

    data: BoxDataset
    output: Path
    name: str
    created_by: str
    start: str
    side_px: int
    epochs: int | None
    batch: int | None
    seed: int
    device: str
    threads: int
    resume: bool
    region_px: tuple[CornerPx, ...] = ()

    @property
    def from_weights(self) -> bool:
        """Whether the network has learned something before."""
        return self.start.endswith(".pt")


@dataclass(frozen=True, slots=True)
class Finetuned:
    """The model, and how it was made; mAP is ultralytics' own, on the validation images.

    `shared` says that some of those were taught from, so that it promises nothing.
    """

    manifest: ModelManifest
    map50: float
    map50_95: float
    epochs: int
    best_epoch: int
    stopped_early: bool
    train_images: int
    val_images: int
    shared: bool
    boxes_compared: int
