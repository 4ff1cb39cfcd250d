"""How to train on few images: the numbers that a person need not know, and why they are so.

A data set of a factory has tens to hundreds of images, a benchmark's a hundred thousand; what is
usual for the latter learns nothing, or forgets everything, on the former. Reasons and trials stand
in docs/models/detector.md.
"""

from dataclasses import dataclass
from math import ceil

UPDATES_FROM_SCRATCH, UPDATES_FROM_WEIGHTS = 8000, 3000
"""Steps of the optimizer that a network takes to learn; epochs follow from the images."""
FEWEST_EPOCHS, MOST_EPOCHS = 50, 1000
LARGEST_BATCH, SMALLEST_BATCH = 16, 4
BATCHES_AN_EPOCH = 5
RATE_FROM_SCRATCH, RATE_FROM_WEIGHTS = 1e-3, 5e-4
FROZEN_LAYERS = 10
"""ultralytics' YOLO backbones; frozen, they keep what they know of edges and textures."""
FEW_IMAGES = 100
"""Below, a backbone that may move forgets more than it learns."""


@dataclass(frozen=True, slots=True)
class Training:
    """The numbers of a run."""

    epochs: int
    patience: int
    batch: int
    freeze: int
    mosaic: float
    close_mosaic: int
    learning_rate: float


def training_for(images: int, *, from_weights: bool, epochs: int | None = None) -> Training:
    """Return how to train on so many images; `epochs` overrules what would be chosen."""
    batch = min(LARGEST_BATCH, max(SMALLEST_BATCH, images // BATCHES_AN_EPOCH))
    if epochs is None:
        updates = UPDATES_FROM_WEIGHTS if from_weights else UPDATES_FROM_SCRATCH
        epochs = round(updates / ceil(images / batch))
        epochs = min(MOST_EPOCHS, max(FEWEST_EPOCHS, epochs))
    return Training(
        epochs=epochs,
        patience=max(20, epochs // 4),
        batch=batch,
        freeze=FROZEN_LAYERS if from_weights and images < FEW_IMAGES else 0,
        mosaic=0.5 if from_weights else 0.25,
        close_mosaic=max(1, epochs // 3),
        learning_rate=RATE_FROM_WEIGHTS if from_weights else RATE_FROM_SCRATCH,
    )
